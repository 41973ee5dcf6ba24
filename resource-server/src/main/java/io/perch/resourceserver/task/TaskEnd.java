package io.perch.resourceserver.task;

import io.perch.resourceserver.account.AccountWrite;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.acts.Act;
import io.perch.resourceserver.mongo.DatabaseTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Cancels or fails tasks in any state, without an attempt. A running task keeps its lease and its slot until its login has
 * stopped, so that no other login to its account starts before.
 */
@Component
class TaskEnd {

    private static final Logger log = LoggerFactory.getLogger(TaskEnd.class);

    /** The delay until a poll checks that the acts of an ended task are in the audit log. */
    private static final Duration ACTS_DUE = Duration.ofSeconds(30);

    private final TaskRepository tasks;
    private final TwitterAccounts accounts;
    private final ActExport export;
    private final ApplicationEventPublisher events;
    private final DatabaseTime time;

    TaskEnd(
            TaskRepository tasks,
            TwitterAccounts accounts,
            ActExport export,
            ApplicationEventPublisher events,
            DatabaseTime time) {
        this.tasks = tasks;
        this.accounts = accounts;
        this.export = export;
        this.events = events;
        this.time = time;
    }

    /**
     * Cancels a task. The task's credentials are first copied to its account.
     *
     * @param detail the detail in the task's history; null for none
     * @return the current task, which may have ended with another result; empty if it does not exist any more
     */
    Optional<Task> cancel(Task task, @Nullable String detail, List<Act> acts) {
        if (task.credentials() != null && !task.status().isFinal()) {
            accounts.write(List.of(new AccountWrite(
                    task.userId(),
                    task.twitterUserId(),
                    task.username(),
                    task.credentials(),
                    task.createdAt(),
                    null,
                    null)));
        }
        return end(task, TaskStatus.CANCELLED, detail, null, acts);
    }

    /** Fails a task whose account or owner is deleted. */
    void endWithoutAccount(Task task, TaskError error) {
        var unused = end(task, TaskStatus.FAILURE, error.code(), error, List.of());
    }

    private Optional<Task> end(
            Task task, TaskStatus status, @Nullable String detail, @Nullable TaskError error, List<Act> acts) {
        Optional<Task> current = Optional.of(task);
        while (current.isPresent() && !current.get().status().isFinal()) {
            Task from = current.get();
            Optional<Task> ended = tasks.replace(from, ended(from, status, detail, error, acts));
            if (ended.isPresent()) {
                TaskLog.changed(log, ended.get());
                events.publishEvent(new TaskChanged(ended.get()));
                export.exportLater(ended.get());
                return ended;
            }
            current = tasks.find(task.key());
        }
        return current;
    }

    private Task ended(
            Task from, TaskStatus status, @Nullable String detail, @Nullable TaskError error, List<Act> acts) {
        Instant now = time.instant();
        Task.Change change = from.to(status, now, detail)
                .error(error == null ? from.error() : error)
                .act(acts);
        boolean hasActs = !from.acts().isEmpty() || !acts.isEmpty();
        if (from.lease() != null) {
            // The login frees the slot when it stops, or an instance does when the lease has expired
            return change.due(from.dueAt()).build();
        }
        return change.due(hasActs ? now.plus(ACTS_DUE) : null).build();
    }
}
