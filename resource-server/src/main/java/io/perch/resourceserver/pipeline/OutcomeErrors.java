package io.perch.resourceserver.pipeline;

import io.perch.resourceserver.task.TaskError;
import io.perch.resourceserver.twitter.LoginOutcome;
import io.perch.resourceserver.twitter.LoginOutcome.ChallengeRequired;
import io.perch.resourceserver.twitter.LoginOutcome.RateLimited;
import io.perch.resourceserver.twitter.LoginOutcome.Suspended;
import io.perch.resourceserver.twitter.LoginOutcome.Unavailable;
import io.perch.resourceserver.twitter.LoginOutcome.WrongCredentials;
import java.util.Locale;
import java.util.Optional;

/** Says in a task's words what the other side said. */
final class OutcomeErrors {

    private OutcomeErrors() {}

    /** Returns why the login failed, or empty where it did not. */
    static Optional<TaskError> of(LoginOutcome outcome) {
        if (outcome instanceof WrongCredentials) {
            return error("wrong_credentials", "X refused the user name or the password", false);
        }
        if (outcome instanceof ChallengeRequired challenge) {
            String kind = challenge.kind().name().toLowerCase(Locale.ROOT);
            return error("challenge_required", "X asks for a code (%s)".formatted(kind), true);
        }
        if (outcome instanceof RateLimited limited) {
            return error("rate_limited", "X takes no more logins until " + limited.until(), true);
        }
        if (outcome instanceof Suspended) {
            return error("suspended", "X has suspended the account", false);
        }
        if (outcome instanceof Unavailable unavailable) {
            return error("unavailable", unavailable.reason(), true);
        }
        return Optional.empty();
    }

    private static Optional<TaskError> error(String code, String message, boolean retryable) {
        return Optional.of(new TaskError(code, message, retryable));
    }
}
