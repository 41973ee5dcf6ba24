package io.perch.resourceserver.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The values that a task stores in its account after an attempt.
 *
 * @param userId the owner
 * @param accountId the account
 * @param username the X user name, as its owner wrote it
 * @param credentials the task's credentials; null if it has none
 * @param credentialsAt when the task was accepted: older credentials of the account are replaced, newer ones are kept
 * @param lastStatus the task's final state; null if it is not final
 * @param lastLoginAt when the login succeeded; null if it did not
 */
public record AccountWrite(
        String userId,
        String accountId,
        String username,
        @Nullable SealedCredentials credentials,
        Instant credentialsAt,
        @Nullable String lastStatus,
        @Nullable Instant lastLoginAt) {

    AccountWrite withCredentials(SealedCredentials sealed) {
        return new AccountWrite(userId, accountId, username, sealed, credentialsAt, lastStatus, lastLoginAt);
    }

    boolean isEmpty() {
        return credentials == null && lastStatus == null;
    }
}
