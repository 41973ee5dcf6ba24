package io.perch.resourceserver.account;

import io.perch.resourceserver.crypto.UnsealException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An account as its owner sees it: without the password, and with a masked phone number.
 *
 * @param twitterAccountId the account's ID
 * @param username the X user name
 * @param phoneNumber the phone number, all but its last three digits masked; absent if there is none or it cannot be unsealed
 * @param email the e-mail address; absent if there is none or it cannot be unsealed
 * @param lastLoginAt when a login last succeeded; absent before the first
 * @param lastStatus the result of the last login; absent before the first
 */
record TwitterAccountRepresentation(
        String twitterAccountId,
        String username,
        @Nullable String phoneNumber,
        @Nullable String email,
        @Nullable Instant lastLoginAt,
        @Nullable String lastStatus) {

    private static final Logger log = LoggerFactory.getLogger(TwitterAccountRepresentation.class);
    private static final int DIGITS_SHOWN = 3;
    private static final int SHORTEST_NUMBER = 8;

    static TwitterAccountRepresentation of(StoredAccount account, AccountSecrets secrets) {
        return new TwitterAccountRepresentation(
                account.id(),
                account.username(),
                masked(shown(account, SecretField.PHONE_NUMBER, secrets)),
                shown(account, SecretField.EMAIL, secrets),
                account.lastLoginAt(),
                account.lastStatus());
    }

    /** A value that cannot be unsealed is left out and logged, so that the user's other accounts can still be shown. */
    private static @Nullable String shown(StoredAccount account, SecretField field, AccountSecrets secrets) {
        try {
            return secrets.open(account, field);
        } catch (UnsealException e) {
            log.error("user_id={} {}", account.userId(), e.getMessage());
            return null;
        }
    }

    /** The old service accepted any text as a phone number, so the text can have any length. */
    private static @Nullable String masked(@Nullable String phoneNumber) {
        if (phoneNumber == null) {
            return null;
        }
        int shown = phoneNumber.length() < SHORTEST_NUMBER ? 0 : DIGITS_SHOWN;
        int hidden = Math.max(0, phoneNumber.length() - 1 - shown);
        return "+" + "*".repeat(hidden) + phoneNumber.substring(phoneNumber.length() - shown);
    }

    /** Keeps the phone number and the e-mail address out of logs. */
    @Override
    public String toString() {
        return "TwitterAccountRepresentation[twitterAccountId=%s]".formatted(twitterAccountId);
    }
}
