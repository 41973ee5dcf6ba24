package io.perch.resourceserver.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.perch.resourceserver.account.SealedCredentials;
import io.perch.resourceserver.account.StoredCredentials;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.account.TwitterCredentials;
import io.perch.resourceserver.crypto.UnsealException;
import io.perch.resourceserver.task.ChallengeAnswer;
import io.perch.resourceserver.task.Task;
import io.perch.resourceserver.task.TaskError;
import io.perch.resourceserver.task.TaskOutcome;
import io.perch.resourceserver.task.TaskOutcomes;
import io.perch.resourceserver.task.TaskResult;
import io.perch.resourceserver.twitter.LoginOutcome;
import io.perch.resourceserver.twitter.LoginOutcome.ChallengeRequired;
import io.perch.resourceserver.twitter.LoginOutcome.RateLimited;
import io.perch.resourceserver.twitter.LoginOutcome.Success;
import io.perch.resourceserver.twitter.LoginOutcome.Suspended;
import io.perch.resourceserver.twitter.LoginOutcome.Unavailable;
import io.perch.resourceserver.twitter.LoginOutcome.WrongCode;
import io.perch.resourceserver.twitter.LoginOutcome.WrongCredentials;
import io.perch.resourceserver.twitter.LoginRequest;
import io.perch.resourceserver.twitter.TwitterLogin;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the login of a claimed task. The response of X determines the task's outcome. */
class LoginRunner {

    private static final Logger log = LoggerFactory.getLogger(LoginRunner.class);

    private final TaskOutcomes outcomes;
    private final TwitterAccounts accounts;
    private final TwitterLogin twitter;
    private final TraceHeaders traces;
    private final BiConsumer<RunningLogin, TaskResult> results;
    private final MeterRegistry meters;

    LoginRunner(
            TaskOutcomes outcomes,
            TwitterAccounts accounts,
            TwitterLogin twitter,
            TraceHeaders traces,
            BiConsumer<RunningLogin, TaskResult> results,
            MeterRegistry meters) {
        this.outcomes = outcomes;
        this.accounts = accounts;
        this.twitter = twitter;
        this.traces = traces;
        this.results = results;
        this.meters = meters;
    }

    /** Runs the login to its end and passes the result on. */
    void run(RunningLogin login) {
        traces.run(login.trace(), () -> results.accept(login, new TaskResult(login.task(), outcome(login))));
    }

    private TaskOutcome outcome(RunningLogin login) {
        Task task = login.task();
        try {
            Optional<TwitterCredentials> credentials = credentials(login);
            return credentials.isEmpty()
                    ? outcomes.fail(TaskError.accountDeleted())
                    : outcome(timed(login, request(task, credentials.get())));
        } catch (UnsealException e) {
            log.error("task_id={} the stored credentials cannot be unsealed", task.id(), e);
            return outcomes.fail(
                    new TaskError("credentials_unreadable", "The stored credentials cannot be read", false));
        } catch (InterruptedException e) {
            log.info("task_id={} attempt={} stopped", task.id(), task.attempt());
            return outcomes.handBack();
        } catch (RuntimeException e) {
            log.error("task_id={} attempt={} failed", task.id(), task.attempt(), e);
            return outcomes.retry(new TaskError("unavailable", "The login could not be carried out", true), null);
        }
    }

    /** A new task contains its credentials. Later they are in the account. */
    private Optional<TwitterCredentials> credentials(RunningLogin login) {
        Task task = login.task();
        SealedCredentials own = task.credentials();
        if (own != null) {
            return Optional.of(accounts.open(own, task.username(), task.userId(), task.twitterUserId()));
        }
        StoredCredentials stored = login.claimed().credentials();
        return stored == null ? Optional.empty() : Optional.of(accounts.open(stored));
    }

    private LoginRequest request(Task task, TwitterCredentials credentials) {
        ChallengeAnswer answer = outcomes.answer(task);
        return new LoginRequest(
                credentials.username(),
                credentials.password(),
                credentials.phoneNumber(),
                credentials.email(),
                task.attempt(),
                answer == null ? null : new LoginRequest.ChallengeAnswer(answer.continuation(), answer.code()));
    }

    private LoginOutcome timed(RunningLogin login, LoginRequest request) throws InterruptedException {
        Timer.Sample sample = Timer.start(meters);
        String result = "stopped";
        try {
            LoginOutcome outcome = requireAnswer(request, login.call(() -> call(login.task(), request)));
            result = outcome.getClass().getSimpleName();
            return outcome;
        } finally {
            log.debug("task_id={} attempt={} outcome={}", login.task().id(), request.attempt(), result);
            sample.stop(meters.timer("perch.pipeline.login", "outcome", result));
        }
    }

    private LoginOutcome call(Task task, LoginRequest request) throws InterruptedException {
        try {
            return twitter.login(request);
        } catch (RuntimeException e) {
            // The message is not logged, because it could contain secrets of the implementation
            log.error(
                    "task_id={} the login port threw {}",
                    task.id(),
                    e.getClass().getName());
            return new Unavailable("The login could not be carried out");
        }
    }

    private TaskOutcome outcome(LoginOutcome outcome) {
        if (outcome instanceof Success) {
            return outcomes.succeed();
        }
        if (outcome instanceof ChallengeRequired challenge) {
            return outcomes.challenge(challenge.kind().name().toLowerCase(Locale.ROOT), challenge.continuation());
        }
        if (outcome instanceof WrongCode) {
            return outcomes.wrongCode();
        }
        if (outcome instanceof WrongCredentials) {
            return outcomes.fail(new TaskError("wrong_credentials", "X refused the user name or the password", false));
        }
        if (outcome instanceof Suspended) {
            return outcomes.fail(new TaskError("suspended", "X has suspended the account", false));
        }
        if (outcome instanceof RateLimited limited) {
            String message = "X accepts no more logins until " + limited.until();
            return outcomes.retry(new TaskError("rate_limited", message, true), limited.until());
        }
        Unavailable unavailable = (Unavailable) outcome;
        return outcomes.retry(new TaskError("unavailable", unavailable.reason(), true), null);
    }

    /** A WrongCode without a code in the request is an error of X. */
    private static LoginOutcome requireAnswer(LoginRequest request, LoginOutcome outcome) {
        return outcome instanceof WrongCode && request.answer() == null
                ? new Unavailable("X refused a code although none was sent")
                : outcome;
    }
}
