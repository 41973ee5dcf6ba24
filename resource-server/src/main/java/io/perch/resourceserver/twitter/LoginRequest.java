package io.perch.resourceserver.twitter;

import org.jspecify.annotations.Nullable;

/**
 * One attempt to log in.
 *
 * @param username the X user name, without the at sign
 * @param password the password in plain text
 * @param phoneNumber the phone number in E.164 format, for checks by X
 * @param email the e-mail address; null if the user gave none
 * @param attempt the number of the attempt, from 1
 * @param answer the user's answer to the challenge of an earlier attempt; null if there is none
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
     * @param continuation the continuation of the challenge
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
