package io.perch.resourceserver.task;

import io.perch.resourceserver.account.StoredCredentials;
import org.jspecify.annotations.Nullable;

/**
 * A task that this instance runs.
 *
 * @param task the task
 * @param credentials its account's credentials; null where the task carries them itself, or the account is gone
 * @param leasedAt the time before the claim was sent, by {@link System#nanoTime}: the lease is not older
 */
public record ClaimedTask(Task task, @Nullable StoredCredentials credentials, long leasedAt) {

    /** Returns the claim's token. */
    public String claim() {
        Lease lease = task.lease();
        return lease == null || lease.claim() == null ? "" : lease.claim();
    }
}
