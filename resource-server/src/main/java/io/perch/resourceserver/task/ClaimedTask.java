package io.perch.resourceserver.task;

import io.perch.resourceserver.account.StoredCredentials;
import org.jspecify.annotations.Nullable;

/**
 * A task that this instance has claimed.
 *
 * @param task the task
 * @param credentials the account's credentials; null if the task contains them itself, or the account was deleted
 * @param leasedAt {@link System#nanoTime} before the claim was sent; the lease did not start earlier
 */
public record ClaimedTask(Task task, @Nullable StoredCredentials credentials, long leasedAt) {

    /** Returns the claim's token. */
    public String claim() {
        Lease lease = task.lease();
        return lease == null || lease.claim() == null ? "" : lease.claim();
    }
}
