package io.perch.resourceserver.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a task that leaves its attempt brings to its account.
 *
 * @param userId the owner
 * @param accountId the account
 * @param username the X user name, as its owner wrote it
 * @param credentials the credentials that the task carried; null where it carried none
 * @param credentialsAt when the task was accepted: older credentials are replaced, newer ones stay
 * @param lastStatus how the login ended; null where it has not ended
 * @param lastLoginAt when it succeeded; null where it did not
 */
public record AccountWrite(
        String userId,
        String accountId,
        String username,
        @Nullable SealedCredentials credentials,
        Instant credentialsAt,
        @Nullable String lastStatus,
        @Nullable Instant lastLoginAt) {

    boolean isEmpty() {
        return credentials == null && lastStatus == null;
    }
}
