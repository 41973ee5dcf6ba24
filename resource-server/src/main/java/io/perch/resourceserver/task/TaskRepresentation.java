package io.perch.resourceserver.task;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task as its owner sees it.
 *
 * @param taskId the task's id
 * @param twitterAccountId the account to log in to
 * @param username the account's X user name
 * @param status the state
 * @param attempts how often the login was tried
 * @param error why it failed, absent where it did not
 * @param createdAt when it was accepted
 * @param updatedAt when its state last changed
 * @param completedAt when it became final, absent before
 * @param history every state it was in, oldest first
 */
record TaskRepresentation(
        String taskId,
        String twitterAccountId,
        String username,
        TaskStatus status,
        int attempts,
        @Nullable TaskError error,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant completedAt,
        List<TaskTransition> history) {

    static TaskRepresentation of(Task task) {
        return new TaskRepresentation(
                task.id(),
                task.twitterUserId(),
                task.username(),
                task.status(),
                task.attempt(),
                task.error(),
                task.createdAt(),
                task.updatedAt(),
                task.completedAt(),
                task.history());
    }
}
