package io.perch.resourceserver.task;

/**
 * A user's answer to a task's challenge, in clear. Lives in memory only.
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
