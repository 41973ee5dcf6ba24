package io.perch.resourceserver.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a due task that a claim needs.
 *
 * @param key the task and its owner
 * @param account the account to log in to
 * @param attempt the task's attempt when it was read; a claim succeeds only if it is unchanged
 * @param leaseUntil the end of the expired lease; null if the task waits for its next attempt
 * @param blocked how often its account was in use when it was to be claimed
 */
public record DueTask(
        TaskKey key, String account, int attempt, @Nullable Instant leaseUntil, int blocked) {

    /** Creates the due task for a task that waits for its next attempt. */
    public static DueTask waiting(String taskId, String userId, String account, int attempt) {
        return new DueTask(new TaskKey(taskId, userId), account, attempt, null, 0);
    }

    boolean isTakeover() {
        return leaseUntil != null;
    }
}
