package io.perch.resourceserver.task;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

/**
 * A login task as it lies in the database.
 *
 * @param id the task's id
 * @param userId the owner: the {@code sub} of the owner's tokens
 * @param twitterUserId the account to log in to
 * @param username the account's X user name
 * @param status the state
 * @param attempt how often the task was claimed; fences the writes of earlier claims
 * @param dueAt when somebody must look at the task: lost on the way, or its lease ran out; null in a final state
 * @param owner the instance that runs it, null where none does
 * @param error why it failed, null where it did not
 * @param createdAt when it was accepted
 * @param updatedAt when its state last changed
 * @param completedAt when it became final, null before
 * @param history every state it was in, oldest first
 */
@Document("task_statuses")
public record Task(
        @Id String id,
        String userId,
        String twitterUserId,
        String username,
        TaskStatus status,
        int attempt,
        @Nullable Instant dueAt,
        @Nullable String owner,
        @Nullable TaskError error,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant completedAt,
        List<TaskTransition> history) {

    static Task submitted(String id, String userId, String twitterUserId, String username, Instant now, Instant dueAt) {
        TaskTransition first = new TaskTransition(TaskStatus.PENDING, now, 0, null);
        return new Task(
                id,
                userId,
                twitterUserId,
                username,
                TaskStatus.PENDING,
                0,
                dueAt,
                null,
                null,
                now,
                now,
                null,
                List.of(first));
    }

    /** Returns whether the task may be claimed: a pending one at once, one that was begun when it is due. */
    boolean isClaimable(Instant now) {
        return switch (status) {
            case PENDING -> true;
            case RUNNING, RETRYING -> dueAt != null && !dueAt.isAfter(now);
            case CHALLENGE_REQUIRED, SUCCESS, FAILURE, CANCELLED -> false;
        };
    }
}
