package io.perch.resourceserver.task;

import io.perch.resourceserver.account.AccountWrite;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.acts.ActLog;
import io.perch.resourceserver.mongo.DatabaseTime;
import io.perch.resourceserver.task.TaskRepository.Replacement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Stores the results of attempts, many at once. The order prevents losses: first the acts are stored in the audit log, then the
 * credentials and the last status in the accounts, then the tasks, without these copies. Each step may be repeated, so after an
 * error all of them are. An attempt that no longer holds its task does not change the task.
 */
@Component
public class TaskResults {

    private static final Logger log = LoggerFactory.getLogger(TaskResults.class);

    private final TaskRepository tasks;
    private final TaskClaimRepository claims;
    private final TwitterAccounts accounts;
    private final ActLog acts;
    private final ApplicationEventPublisher events;
    private final DatabaseTime time;

    TaskResults(
            TaskRepository tasks,
            TaskClaimRepository claims,
            TwitterAccounts accounts,
            ActLog acts,
            ApplicationEventPublisher events,
            DatabaseTime time) {
        this.tasks = tasks;
        this.claims = claims;
        this.accounts = accounts;
        this.acts = acts;
        this.events = events;
        this.time = time;
    }

    /**
     * Stores results.
     *
     * @return the stored tasks; a task is missing if its attempt no longer held it
     * @throws DataAccessException if the database is unavailable; the same call may be repeated
     */
    public List<Task> write(List<TaskResult> results) {
        Instant now = time.instant();
        List<Replacement> ends = new ArrayList<>();
        for (TaskResult result : results) {
            Task claimed = result.claimed();
            try {
                ends.add(new Replacement(claimed, result.outcome().apply(claimed, now)));
            } catch (IllegalArgumentException | IllegalStateException e) {
                log.error(
                        "task_id={} attempt={} the result is lost; the login is repeated when the lease expires",
                        claimed.id(),
                        claimed.attempt(),
                        e);
            }
        }
        List<ActLog.Entry> entries = ends.stream()
                .flatMap(end -> TaskActs.entries(end.from()).stream())
                .toList();
        if (!entries.isEmpty()) {
            acts.write(entries);
        }
        accounts.write(ends.stream().map(TaskResults::account).toList());
        List<Task> written = tasks.replaceAll(ends) == ends.size()
                ? ends.stream().map(Replacement::to).toList()
                : findStored(ends, now);
        for (Task task : written) {
            TaskLog.changed(log, task);
            events.publishEvent(new TaskChanged(task));
            if (task.status() == TaskStatus.RETRYING
                    && task.dueAt() != null
                    && !task.dueAt().isAfter(now)) {
                // Released, for another instance to claim at once
                events.publishEvent(TaskReady.of(task));
            }
        }
        return written;
    }

    private static AccountWrite account(Replacement end) {
        Task task = end.to();
        boolean ended = task.status().isFinal();
        return new AccountWrite(
                task.userId(),
                task.twitterUserId(),
                task.username(),
                end.from().credentials(),
                task.createdAt(),
                ended ? task.status().wireName() : null,
                task.status() == TaskStatus.SUCCESS ? task.completedAt() : null);
    }

    /**
     * Finds which tasks were stored, if fewer matched than were sent. A reply may have been lost, so a task that already has the
     * expected state counts as stored.
     */
    private List<Task> findStored(List<Replacement> ends, Instant now) {
        Map<String, Task> current = tasks
                .findAll(ends.stream().map(end -> end.from().key()).toList())
                .stream()
                .collect(Collectors.toMap(Task::id, Function.identity()));
        List<Task> written = new ArrayList<>();
        List<Task> stopped = new ArrayList<>();
        Set<String> lost = new HashSet<>();
        for (Replacement end : ends) {
            Task task = current.get(end.from().id());
            if (task == null) {
                lost.add(end.from().id());
            } else if (isDone(end, task)) {
                written.add(task);
            } else {
                lost.add(task.id());
                if (task.status().isFinal() && holds(end.from(), task)) {
                    stopped.add(task);
                }
            }
        }
        if (!stopped.isEmpty()) {
            claims.release(stopped, now);
        }
        lost.forEach(id -> log.info("task_id={} the attempt no longer holds the task: the result is dropped", id));
        return written;
    }

    private static boolean isDone(Replacement end, Task now) {
        return now.attempt() == end.from().attempt()
                && now.status() == end.to().status()
                && now.version() == end.to().version()
                && now.lease() == null;
    }

    private static boolean holds(Task claimed, Task now) {
        Lease held = claimed.lease();
        Lease lease = now.lease();
        return held != null
                && lease != null
                && held.claim() != null
                && held.claim().equals(lease.claim());
    }
}
