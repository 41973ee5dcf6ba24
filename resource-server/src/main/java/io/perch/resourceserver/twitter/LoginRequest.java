package io.perch.resourceserver.twitter;

import org.jspecify.annotations.Nullable;

/**
 * One attempt to log in.
 *
 * @param username the X user name, without the at sign
 * @param password the password in clear
 * @param phoneNumber the phone number in E.164, for the other side's checks
 * @param email the e-mail address, or null where the user gave none
 * @param attempt which attempt of its task this is, from 1
 * @param answer the user's answer to the challenge of an earlier attempt, or null where none was asked
 */
public record LoginRequest(
        String username,
        String password,
        String phoneNumber,
        @Nullable String email,
        int attempt,
        @Nullable ChallengeAnswer answer) {

    /**
     * The answer to a challenge.
     *
     * @param continuation what came with the challenge
     * @param code the code, as the user typed it
     */
    public record ChallengeAnswer(String continuation, String code) {

        /** Keeps the code out of logs. */
        @Override
        public String toString() {
            return "ChallengeAnswer[]";
        }
    }

    /** Keeps the credentials out of logs. */
    @Override
    public String toString() {
        return "LoginRequest[username=%s, attempt=%d]".formatted(username, attempt);
    }
}
