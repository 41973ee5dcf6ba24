package io.perch.resourceserver.task;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task as its owner sees it.
 *
 * @param taskId the task's ID
 * @param twitterAccountId the account to log in to
 * @param username the account's X user name
 * @param status the state
 * @param attempts how often the login was tried
 * @param nextAttemptAt when it will be tried again; absent if it will not
 * @param error why the last attempt failed; absent if it did not
 * @param challenge the code that X requires; absent if it requires none, or while a code is being tried
 * @param createdAt when it was accepted
 * @param updatedAt when its state last changed
 * @param completedAt when it became final; absent before
 * @param history every state it was in, oldest first
 */
public record TaskRepresentation(
        String taskId,
        String twitterAccountId,
        String username,
        TaskStatus status,
        int attempts,
        @Nullable Instant nextAttemptAt,
        @Nullable TaskError error,
        @Nullable ChallengeRepresentation challenge,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant completedAt,
        List<TaskTransition> history) {

    /**
     * A required code.
     *
     * @param kind where it comes from: {@code email}, {@code phone} or {@code authenticator}
     * @param expiresAt when the challenge expires and the login fails
     */
    public record ChallengeRepresentation(String kind, Instant expiresAt) {}

    static TaskRepresentation of(Task task) {
        boolean waits = task.status() == TaskStatus.CHALLENGE_REQUIRED && !task.hasAnswer();
        Challenge pending = waits ? task.challenge() : null;
        return new TaskRepresentation(
                task.id(),
                task.twitterUserId(),
                task.username(),
                task.status(),
                task.attempt(),
                task.nextAttemptAt(),
                task.error(),
                pending == null ? null : new ChallengeRepresentation(pending.kind(), pending.expiresAt()),
                task.createdAt(),
                task.updatedAt(),
                task.completedAt(),
                task.history());
    }
}
