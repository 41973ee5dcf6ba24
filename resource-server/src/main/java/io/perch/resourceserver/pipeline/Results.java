package io.perch.resourceserver.pipeline;

import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.task.Task;
import io.perch.resourceserver.task.TaskError;
import io.perch.resourceserver.task.TaskStatus;
import io.perch.resourceserver.task.Tasks;
import io.perch.resourceserver.twitter.LoginOutcome;
import io.perch.resourceserver.twitter.LoginOutcome.ChallengeRequired;
import io.perch.resourceserver.twitter.LoginOutcome.RateLimited;
import io.perch.resourceserver.twitter.LoginOutcome.Success;
import io.perch.resourceserver.twitter.LoginOutcome.Suspended;
import io.perch.resourceserver.twitter.LoginOutcome.Unavailable;
import io.perch.resourceserver.twitter.LoginOutcome.WrongCode;
import io.perch.resourceserver.twitter.LoginOutcome.WrongCredentials;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what the other side said. Its outcome decides what becomes of the task. */
class Results {

    private static final Logger log = LoggerFactory.getLogger(Results.class);

    private final Tasks tasks;
    private final TwitterAccounts accounts;
    private final DatabasePatience database;

    Results(Tasks tasks, TwitterAccounts accounts, DatabasePatience database) {
        this.tasks = tasks;
        this.accounts = accounts;
        this.database = database;
    }

    void write(Task task, LoginOutcome outcome) {
        end(task, () -> applied(task, outcome));
    }

    void fail(Task task, TaskError error) {
        end(task, () -> tasks.fail(task, error));
    }

    void handBack(Task task) {
        end(task, () -> tasks.handBack(task));
    }

    private Optional<Task> applied(Task task, LoginOutcome outcome) {
        if (outcome instanceof Success) {
            return tasks.succeed(task);
        }
        if (outcome instanceof ChallengeRequired challenge) {
            String kind = challenge.kind().name().toLowerCase(Locale.ROOT);
            return tasks.challenge(task, kind, challenge.continuation());
        }
        if (outcome instanceof WrongCode) {
            return tasks.wrongCode(task);
        }
        if (outcome instanceof WrongCredentials) {
            return tasks.fail(task, error("wrong_credentials", "X refused the user name or the password", false));
        }
        if (outcome instanceof Suspended) {
            return tasks.fail(task, error("suspended", "X has suspended the account", false));
        }
        if (outcome instanceof RateLimited limited) {
            String message = "X takes no more logins until " + limited.until();
            return tasks.retry(task, error("rate_limited", message, true), limited.until());
        }
        Unavailable unavailable = (Unavailable) outcome;
        return tasks.retry(task, error("unavailable", unavailable.reason(), true), null);
    }

    private void end(Task task, Supplier<Optional<Task>> write) {
        try {
            Optional<Task> ended = database.call(write);
            if (ended.isEmpty()) {
                log.info("task_id={} attempt={} has lost its task: its result is dropped", task.id(), task.attempt());
            }
            ended.filter(now -> now.status().isFinal()).ifPresent(this::remember);
        } catch (RuntimeException e) {
            log.error("task_id={} attempt={} is left to its lease", task.id(), task.attempt(), e);
        }
    }

    private void remember(Task ended) {
        boolean succeeded = ended.status() == TaskStatus.SUCCESS;
        accounts.recordLogin(ended.twitterUserId(), ended.status().wireName(), succeeded ? ended.completedAt() : null);
    }

    private static TaskError error(String code, String message, boolean retryable) {
        return new TaskError(code, message, retryable);
    }
}
