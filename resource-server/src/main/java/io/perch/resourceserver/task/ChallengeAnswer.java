package io.perch.resourceserver.task;

/**
 * A user's answer to a task's challenge, in plain text. It is kept in memory only.
 *
 * @param continuation the login state that was stored with the challenge
 * @param code the code, as the user typed it
 */
public record ChallengeAnswer(String continuation, String code) {

    /** Keeps the code out of logs. */
    @Override
    public String toString() {
        return "ChallengeAnswer[]";
    }
}
