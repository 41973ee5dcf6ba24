package io.perch.resourceserver.account;

import org.jspecify.annotations.Nullable;

/**
 * The credentials of an X account in plain text. They are kept in memory only.
 *
 * @param username the X user name, without the at sign, as its owner wrote it
 * @param password the password
 * @param phoneNumber the phone number in E.164 format
 * @param email the e-mail address; null if the owner gave none
 */
public record TwitterCredentials(
        String username,
        String password,
        String phoneNumber,
        @Nullable String email) {

    /** Keeps the credentials out of logs. */
    @Override
    public String toString() {
        return "TwitterCredentials[username=%s]".formatted(username);
    }
}
