package io.perch.resourceserver.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.account.TwitterCredentials;
import io.perch.resourceserver.crypto.UnsealException;
import io.perch.resourceserver.task.ChallengeAnswer;
import io.perch.resourceserver.task.Task;
import io.perch.resourceserver.task.TaskError;
import io.perch.resourceserver.task.Tasks;
import io.perch.resourceserver.twitter.LoginOutcome;
import io.perch.resourceserver.twitter.LoginOutcome.Unavailable;
import io.perch.resourceserver.twitter.LoginOutcome.WrongCode;
import io.perch.resourceserver.twitter.LoginRequest;
import io.perch.resourceserver.twitter.TwitterLogin;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the login of a claimed task. */
class LoginRunner {

    private static final Logger log = LoggerFactory.getLogger(LoginRunner.class);

    private final Tasks tasks;
    private final TwitterAccounts accounts;
    private final TwitterLogin twitter;
    private final Results results;
    private final DatabasePatience database;
    private final MeterRegistry meters;

    LoginRunner(
            Tasks tasks,
            TwitterAccounts accounts,
            TwitterLogin twitter,
            Results results,
            DatabasePatience database,
            MeterRegistry meters) {
        this.tasks = tasks;
        this.accounts = accounts;
        this.twitter = twitter;
        this.results = results;
        this.database = database;
        this.meters = meters;
    }

    /** Runs the login. One that is told to stop gives its task back, if it still has it. */
    void run(RunningLogin login) {
        Task task = login.task();
        try {
            Optional<TwitterCredentials> credentials =
                    database.call(() -> accounts.credentials(task.userId(), task.twitterUserId()));
            if (credentials.isEmpty()) {
                results.fail(task, TaskError.accountDeleted());
            } else {
                results.write(task, timed(login, request(task, credentials.get())));
            }
        } catch (UnsealException e) {
            log.error("task_id={} the stored credentials do not open", task.id(), e);
            results.fail(task, new TaskError("credentials_unreadable", "The stored credentials cannot be read", false));
        } catch (InterruptedException e) {
            log.info("task_id={} attempt={} stopped", task.id(), task.attempt());
            results.handBack(task);
        } catch (RuntimeException e) {
            log.error("task_id={} attempt={} is left to its lease", task.id(), task.attempt(), e);
        }
    }

    private LoginRequest request(Task task, TwitterCredentials credentials) {
        ChallengeAnswer answer = tasks.answer(task);
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
            LoginOutcome outcome = answered(request, login.call(() -> call(login.task(), request)));
            result = outcome.getClass().getSimpleName();
            return outcome;
        } finally {
            sample.stop(meters.timer("perch.pipeline.login", "outcome", result));
        }
    }

    private LoginOutcome call(Task task, LoginRequest request) throws InterruptedException {
        try {
            return twitter.login(request);
        } catch (RuntimeException e) {
            // The message is not logged: an implementation may have put anything into it.
            log.error(
                    "task_id={} the login port threw {}",
                    task.id(),
                    e.getClass().getName());
            return new Unavailable("The login could not be carried out");
        }
    }

    /** A code that nobody gave cannot be wrong. */
    private static LoginOutcome answered(LoginRequest request, LoginOutcome outcome) {
        return outcome instanceof WrongCode && request.answer() == null
                ? new Unavailable("The other side refused a code that it did not ask for")
                : outcome;
    }
}
