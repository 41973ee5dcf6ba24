package io.perch.resourceserver.account;

import io.perch.resourceserver.crypto.UnsealException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An account as its owner sees it: never a password, the phone number masked.
 *
 * @param twitterAccountId the account's id
 * @param username the X user name
 * @param phoneNumber the phone number, all but its last three digits masked, absent where there is none, or
 *     what is stored does not open
 * @param email the e-mail address, absent where the owner gave none, or what is stored does not open
 * @param lastLoginAt when a login last succeeded, absent before the first
 * @param lastStatus how the last login ended, absent before the first
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

    /** One value that does not open must not hide all of a user's accounts: it is left out, and logged. */
    private static @Nullable String shown(StoredAccount account, SecretField field, AccountSecrets secrets) {
        try {
            return secrets.open(account, field);
        } catch (UnsealException e) {
            log.error("user_id={} {}", account.userId(), e.getMessage());
            return null;
        }
    }

    /** The old service took any text for a phone number, so nothing is taken for granted here. */
    private static @Nullable String masked(@Nullable String phoneNumber) {
        if (phoneNumber == null) {
            return null;
        }
        int shown = phoneNumber.length() < SHORTEST_NUMBER ? 0 : DIGITS_SHOWN;
        int hidden = Math.max(0, phoneNumber.length() - 1 - shown);
        return "+" + "*".repeat(hidden) + phoneNumber.substring(phoneNumber.length() - shown);
    }

    /** Keeps phone number and e-mail address out of logs. */
    @Override
    public String toString() {
        return "TwitterAccountRepresentation[twitterAccountId=%s]".formatted(twitterAccountId);
    }
}
