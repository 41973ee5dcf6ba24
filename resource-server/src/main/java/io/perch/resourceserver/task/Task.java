package io.perch.resourceserver.task;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

/**
 * A login task as it lies in the database. Its times are the database's.
 *
 * @param id the task's id
 * @param userId the owner: the {@code sub} of the owner's tokens
 * @param twitterUserId the account to log in to
 * @param username the account's X user name
 * @param status the state
 * @param attempt how often the task was claimed; fences the writes of earlier claims
 * @param attemptLimit the last attempt after which there is no other
 * @param dueAt when the sweeper must look at the task; null in a final state
 * @param leaseUntil until when a running task belongs to its owner; null in any other state
 * @param nextAttemptAt when a task that waits for another attempt may be claimed; null in any other state
 * @param owner the instance that runs it, null where none does
 * @param error why the last attempt failed, null where it did not
 * @param challenge what the other side asks for, null where it does not
 * @param fingerprint the sealed fingerprint of the request, where it came with an idempotency key
 * @param createdAt when it was accepted
 * @param updatedAt when its state last changed
 * @param completedAt when it became final, null before
 * @param history every state it was in, oldest first; it only grows
 */
@Document("task_statuses")
public record Task(
        @Id String id,
        String userId,
        String twitterUserId,
        String username,
        TaskStatus status,
        int attempt,
        int attemptLimit,
        @Nullable Instant dueAt,
        @Nullable Instant leaseUntil,
        @Nullable Instant nextAttemptAt,
        @Nullable String owner,
        @Nullable TaskError error,
        @Nullable Challenge challenge,
        @Nullable String fingerprint,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant completedAt,
        List<TaskTransition> history) {

    /** Returns how often the task changed: the higher version is the newer one. */
    public int version() {
        return history.size();
    }

    /**
     * Returns whether the task may be claimed: a pending one at once, one that waits for another attempt or whose lease
     * may have run out when that time has come, and one that was asked for a code when the code is there.
     */
    boolean isClaimable(Instant now) {
        return switch (status) {
            case PENDING -> true;
            // After the last attempt there is no other: the sweeper ends it.
            case RUNNING -> hasCome(leaseUntil, now) && !isLastAttempt();
            case RETRYING -> hasCome(nextAttemptAt, now);
            case CHALLENGE_REQUIRED -> hasAnswer();
            case SUCCESS, FAILURE, CANCELLED -> false;
        };
    }

    boolean hasAnswer() {
        return challenge != null && challenge.sealedCode() != null;
    }

    boolean isLastAttempt() {
        return attempt >= attemptLimit;
    }

    /** A time that is missing has come: a task must not wait for ever because of it. */
    private static boolean hasCome(@Nullable Instant time, Instant now) {
        return time == null || !time.isAfter(now);
    }
}
