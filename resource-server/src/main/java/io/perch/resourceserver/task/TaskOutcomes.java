package io.perch.resourceserver.task;

import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Creates the possible outcomes of an attempt. */
@Component
public class TaskOutcomes {

    private final TaskProperties properties;
    private final RetryDelays delays;
    private final ChallengeSecrets secrets;

    TaskOutcomes(TaskProperties properties, ChallengeSecrets secrets) {
        this.properties = properties;
        this.delays =
                new RetryDelays(properties.retryDelay(), properties.maxRetryDelay(), RandomGenerator.getDefault());
        this.secrets = secrets;
    }

    /**
     * Returns the user's answer to the challenge of an earlier attempt, or null if there is none.
     *
     * @throws io.perch.resourceserver.crypto.UnsealException if the stored values cannot be unsealed
     */
    public @Nullable ChallengeAnswer answer(Task claimed) {
        return secrets.answer(claimed);
    }

    /** The login succeeded. */
    public TaskOutcome succeed() {
        return (task, now) -> release(task.to(TaskStatus.SUCCESS, now, null));
    }

    /** The login failed permanently. */
    public TaskOutcome fail(TaskError error) {
        return (task, now) ->
                release(task.to(TaskStatus.FAILURE, now, error.code()).error(error));
    }

    /**
     * The task waits for another attempt, or fails if this was the last one.
     *
     * @param notBefore when X accepts logins again; null if it did not say
     */
    public TaskOutcome retry(TaskError error, @Nullable Instant notBefore) {
        return (task, now) -> {
            if (task.isLastAttempt()) {
                return fail(error).apply(task, now);
            }
            Instant next = delays.next(task.attempt(), now, notBefore);
            return release(
                    task.to(TaskStatus.RETRYING, now, error.code()).error(error).nextAttempt(next));
        };
    }

    /** The task is released for another instance, because this one stops. */
    public TaskOutcome handBack() {
        return (task, now) -> release(task.to(TaskStatus.RETRYING, now, "handed_back")
                .nextAttempt(now)
                .moreAttempts(1));
    }

    /**
     * The task waits for a code from its owner.
     *
     * @param kind where the code comes from, such as {@code email}
     * @param continuation the state that the login needs to continue; it is sealed before it is stored
     */
    public TaskOutcome challenge(String kind, String continuation) {
        return (task, now) -> await(
                task,
                now,
                new Challenge(
                        kind,
                        now.plus(properties.challengeTimeout()),
                        0,
                        secrets.sealContinuation(task, continuation),
                        null),
                kind);
    }

    /** The owner's code was wrong. The challenge accepts another one, or the task fails if too many were wrong. */
    public TaskOutcome wrongCode() {
        return (task, now) -> {
            Challenge old = task.challenge();
            if (old == null) {
                throw new IllegalArgumentException("The task has no challenge");
            }
            int wrong = old.wrongCodes() + 1;
            if (wrong >= properties.wrongCodes()) {
                return fail(new TaskError("challenge_failed", "Too many codes were wrong", false))
                        .apply(task, now);
            }
            Challenge again = new Challenge(old.kind(), old.expiresAt(), wrong, old.sealedContinuation(), null);
            return await(task, now, again, "wrong_code");
        };
    }

    private static Task await(Task task, Instant now, Challenge challenge, String detail) {
        return release(task.to(TaskStatus.CHALLENGE_REQUIRED, now, detail)
                .challenge(challenge)
                .due(challenge.expiresAt()));
    }

    /** The credentials are then stored in the account and the acts in the audit log, so the task's copies are removed. */
    private static Task release(Task.Change change) {
        return change.withoutLease().withoutCredentials().withoutActs().build();
    }
}
