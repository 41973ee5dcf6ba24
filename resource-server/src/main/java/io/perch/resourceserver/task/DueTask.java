package io.perch.resourceserver.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task that an instance should look at, as far as it takes to claim it.
 *
 * @param key the task and its owner
 * @param account the account to log in to
 * @param attempt how often it was claimed when it became due; a claim holds only if that has not changed
 * @param leaseUntil the end of the lease that ran out; null where the task waits for its next attempt
 * @param blocked how often it found its account in use
 */
public record DueTask(
        TaskKey key, String account, int attempt, @Nullable Instant leaseUntil, int blocked) {

    /** Describes a task that waits for its next attempt. */
    public static DueTask waiting(String taskId, String userId, String account, int attempt) {
        return new DueTask(new TaskKey(taskId, userId), account, attempt, null, 0);
    }

    boolean isTakeover() {
        return leaseUntil != null;
    }
}
