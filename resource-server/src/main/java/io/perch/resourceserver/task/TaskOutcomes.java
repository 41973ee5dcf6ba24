package io.perch.resourceserver.task;

import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The ways in which an attempt can leave its task. */
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
     * Returns the user's answer to the challenge of an earlier attempt, or null where there is none.
     *
     * @throws io.perch.resourceserver.crypto.UnsealException if what is stored does not open
     */
    public @Nullable ChallengeAnswer answer(Task claimed) {
        return secrets.answer(claimed);
    }

    /** The login succeeded. */
    public TaskOutcome succeed() {
        return (task, now) -> left(task.to(TaskStatus.SUCCESS, now, null));
    }

    /** The login failed for good. */
    public TaskOutcome fail(TaskError error) {
        return (task, now) ->
                left(task.to(TaskStatus.FAILURE, now, error.code()).error(error));
    }

    /**
     * The task waits for another attempt, or ends where this was the last one.
     *
     * @param notBefore when the other side accepts logins again, or null where it did not say
     */
    public TaskOutcome retry(TaskError error, @Nullable Instant notBefore) {
        return (task, now) -> {
            if (task.isLastAttempt()) {
                return fail(error).apply(task, now);
            }
            Instant next = delays.next(task.attempt(), now, notBefore);
            return left(
                    task.to(TaskStatus.RETRYING, now, error.code()).error(error).nextAttempt(next));
        };
    }

    /** The task is for another instance to take at once: this one stops. */
    public TaskOutcome handBack() {
        return (task, now) -> left(task.to(TaskStatus.RETRYING, now, "handed_back")
                .nextAttempt(now)
                .moreAttempts(1));
    }

    /**
     * The task waits for a code from its owner.
     *
     * @param kind where the code comes from, such as {@code email}
     * @param continuation what the login needs to go on; it is sealed before it is written
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

    /** The owner's code was wrong: the challenge takes another one, or the login ends where this was one too many. */
    public TaskOutcome wrongCode() {
        return (task, now) -> {
            Challenge old = task.challenge();
            if (old == null) {
                throw new IllegalArgumentException("The task was not asked for a code");
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
        return left(task.to(TaskStatus.CHALLENGE_REQUIRED, now, detail)
                .challenge(challenge)
                .due(challenge.expiresAt()));
    }

    /** Whatever the outcome, the account has the credentials by then, and the audit log has the acts. */
    private static Task left(Task.Change change) {
        return change.withoutLease().withoutCredentials().withoutActs().build();
    }
}
