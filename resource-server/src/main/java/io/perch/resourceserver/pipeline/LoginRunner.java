package io.perch.resourceserver.pipeline;

import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.account.TwitterCredentials;
import io.perch.resourceserver.crypto.UnsealException;
import io.perch.resourceserver.task.Task;
import io.perch.resourceserver.task.TaskError;
import io.perch.resourceserver.task.TaskStatus;
import io.perch.resourceserver.task.Tasks;
import io.perch.resourceserver.twitter.LoginOutcome;
import io.perch.resourceserver.twitter.LoginOutcome.Unavailable;
import io.perch.resourceserver.twitter.LoginRequest;
import io.perch.resourceserver.twitter.TwitterLogin;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the login of a claimed task and writes down how it went. */
class LoginRunner {

    private static final Logger log = LoggerFactory.getLogger(LoginRunner.class);

    private final Tasks tasks;
    private final TwitterAccounts accounts;
    private final TwitterLogin twitter;

    LoginRunner(Tasks tasks, TwitterAccounts accounts, TwitterLogin twitter) {
        this.tasks = tasks;
        this.accounts = accounts;
        this.twitter = twitter;
    }

    /** Runs the login. An interrupt leaves the task as it is; it is taken up again when its lease runs out. */
    void run(Task task) {
        try {
            Optional<TwitterCredentials> credentials = accounts.credentials(task.userId(), task.twitterUserId());
            if (credentials.isEmpty()) {
                fail(task, new TaskError("account_deleted", "The account was deleted before the login ran", false));
                return;
            }
            end(task, login(task, credentials.get()));
        } catch (UnsealException e) {
            log.error("task_id={} the stored credentials do not open", task.id(), e);
            fail(task, new TaskError("credentials_unreadable", "The stored credentials cannot be read", false));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private LoginOutcome login(Task task, TwitterCredentials credentials) throws InterruptedException {
        LoginRequest request = new LoginRequest(
                credentials.username(),
                credentials.password(),
                credentials.phoneNumber(),
                credentials.email(),
                task.attempt());
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

    private void end(Task task, LoginOutcome outcome) {
        Optional<TaskError> error = OutcomeErrors.of(outcome);
        if (error.isPresent()) {
            fail(task, error.get());
        } else {
            tasks.finish(task, TaskStatus.SUCCESS, null).ifPresent(this::remember);
        }
    }

    private void fail(Task task, TaskError error) {
        tasks.finish(task, TaskStatus.FAILURE, error).ifPresent(this::remember);
    }

    private void remember(Task finished) {
        boolean succeeded = finished.status() == TaskStatus.SUCCESS;
        accounts.recordLogin(
                finished.twitterUserId(), finished.status().wireName(), succeeded ? finished.completedAt() : null);
    }
}
