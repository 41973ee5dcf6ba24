package io.perch.resourceserver.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An account as its owner sees it: never a password, the phone number masked.
 *
 * @param twitterAccountId the account's id
 * @param username the X user name
 * @param phoneNumber the phone number, all but its last three digits masked, absent where the old service had none
 * @param email the e-mail address, absent where the owner gave none
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

    private static final int DIGITS_SHOWN = 3;

    static TwitterAccountRepresentation of(StoredAccount account, AccountSecrets secrets) {
        return new TwitterAccountRepresentation(
                account.id(),
                account.username(),
                masked(secrets.open(account, SecretField.PHONE_NUMBER)),
                secrets.open(account, SecretField.EMAIL),
                account.lastLoginAt(),
                account.lastStatus());
    }

    /** The old service took any text for a phone number, so nothing is taken for granted here. */
    private static @Nullable String masked(@Nullable String phoneNumber) {
        if (phoneNumber == null) {
            return null;
        }
        int shown = Math.min(DIGITS_SHOWN, phoneNumber.length() / 3);
        int hidden = Math.max(0, phoneNumber.length() - 1 - shown);
        return "+" + "*".repeat(hidden) + phoneNumber.substring(phoneNumber.length() - shown);
    }
}
