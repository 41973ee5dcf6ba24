package io.perch.resourceserver.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An account as its owner sees it: never a password, the phone number masked.
 *
 * @param twitterAccountId the account's id
 * @param username the X user name
 * @param phoneNumber the phone number, all but its last three digits masked
 * @param email the e-mail address, absent where the owner gave none
 * @param lastLoginAt when a login last succeeded, absent before the first
 * @param lastStatus how the last login ended, absent before the first
 */
record TwitterAccountRepresentation(
        String twitterAccountId,
        String username,
        String phoneNumber,
        @Nullable String email,
        @Nullable Instant lastLoginAt,
        @Nullable String lastStatus) {

    private static final int DIGITS_SHOWN = 3;

    static TwitterAccountRepresentation of(StoredAccount account, TwitterAccounts accounts) {
        return new TwitterAccountRepresentation(
                account.id(),
                account.username(),
                masked(accounts.phoneNumber(account)),
                accounts.email(account),
                account.lastLoginAt(),
                account.lastStatus());
    }

    private static String masked(String phoneNumber) {
        int hidden = phoneNumber.length() - 1 - DIGITS_SHOWN;
        return "+" + "*".repeat(hidden) + phoneNumber.substring(phoneNumber.length() - DIGITS_SHOWN);
    }
}
