package io.perch.resourceserver.task;

import io.perch.resourceserver.account.AccountWrite;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.acts.ActLog;
import io.perch.resourceserver.mongo.DatabaseTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bson.Document;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * Finds due tasks: new ones, ones to retry, and ones whose instance failed. It also fails tasks that cannot be run any more, and
 * completes final tasks that have something left to do. All instances may do this at the same time.
 */
@Component
public class TaskPoll {

    private static final Logger log = LoggerFactory.getLogger(TaskPoll.class);

    /**
     * The due tasks.
     *
     * @param claimable the tasks that can be claimed, the most overdue first
     * @param full whether there may be more
     * @param oldest how long the most overdue of them has been due; zero if there is none
     */
    public record Due(List<DueTask> claimable, boolean full, Duration oldest) {}

    private final TaskRepository tasks;
    private final TaskClaimRepository claims;
    private final TwitterAccounts accounts;
    private final ActLog acts;
    private final ApplicationEventPublisher events;
    private final DatabaseTime time;

    TaskPoll(
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
     * Finds due tasks.
     *
     * @param limit the largest number to read
     */
    public Due due(int limit) {
        Instant now = time.instant();
        List<Document> found = claims.due(now, limit);
        List<DueTask> claimable = new ArrayList<>();
        Duration oldest = Duration.ZERO;
        Map<TaskKey, TaskStatus> others = new LinkedHashMap<>();
        for (Document document : found) {
            try {
                classify(document, claimable, others);
                if (claimable.size() == 1 && oldest.isZero()) {
                    oldest = Duration.between(dueAt(document, now), now);
                }
            } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
                log.error(
                        "The document {} is not a valid task and is marked as unreadable: {}", document.get("_id"), e);
                claims.markUnreadable(document);
            }
        }
        if (!others.isEmpty()) {
            List<Task> read = tasks.findAll(others.keySet());
            read.forEach(task -> complete(task, now));
            markUnreadable(others, read);
        }
        return new Due(claimable, found.size() >= limit, oldest);
    }

    private void classify(Document document, List<DueTask> claimable, Map<TaskKey, TaskStatus> others) {
        TaskStatus status = TaskStatus.ofWireName(document.getString(TaskDocument.STATUS));
        TaskKey key = new TaskKey(document.getString("_id"), document.getString(TaskDocument.USER_ID));
        int attempt = document.getInteger(TaskDocument.ATTEMPT);
        boolean last = attempt >= document.getInteger(TaskDocument.ATTEMPT_LIMIT);
        Document challenge = document.get(TaskDocument.CHALLENGE, Document.class);
        boolean answered = challenge != null && challenge.get("sealed_code") != null;
        boolean runs = status == TaskStatus.RUNNING;
        boolean waits = status == TaskStatus.PENDING
                || status == TaskStatus.RETRYING
                || (status == TaskStatus.CHALLENGE_REQUIRED && answered);
        if (waits || (runs && !last)) {
            claimable.add(new DueTask(
                    key,
                    Objects.requireNonNull(document.getString(TaskDocument.ACCOUNT)),
                    attempt,
                    runs ? TaskDocument.time(document, TaskDocument.LEASE_UNTIL) : null,
                    document.getInteger(TaskDocument.BLOCKED, 0)));
        } else {
            others.put(key, status);
        }
    }

    private void complete(Task task, Instant now) {
        if (task.dueAt() == null || task.dueAt().isAfter(now)) {
            return;
        }
        if (task.status().isFinal()) {
            completeFinal(task, now);
        } else if (task.status() == TaskStatus.CHALLENGE_REQUIRED && !task.hasAnswer()) {
            end(task, now, new TaskError("challenge_expired", "No code was sent in time", true));
        } else if (task.status() == TaskStatus.RUNNING && task.isLastAttempt()) {
            end(task, now, new TaskError("abandoned", "The login was started several times and never ended", true));
        }
    }

    private void end(Task task, Instant now, TaskError error) {
        if (task.credentials() != null) {
            accounts.write(List.of(new AccountWrite(
                    task.userId(),
                    task.twitterUserId(),
                    task.username(),
                    task.credentials(),
                    task.createdAt(),
                    null,
                    null)));
        }
        export(task);
        Task failed = task.to(TaskStatus.FAILURE, now, error.code())
                .error(error)
                .withoutLease()
                .withoutActs()
                .build();
        tasks.replaceWhileDue(task, failed).ifPresent(ended -> {
            TaskLog.changed(log, ended);
            events.publishEvent(new TaskChanged(ended));
        });
    }

    /** The lease has expired, so the login has stopped: frees the slot and copies the acts to the audit log. */
    private void completeFinal(Task task, Instant now) {
        if (task.lease() != null) {
            claims.release(List.of(task), now);
        }
        if (!task.acts().isEmpty()) {
            export(task);
            tasks.removeActs(task.change().withoutLease().build());
        } else if (task.lease() == null) {
            tasks.replaceWhileDue(task, task.change().due(null).build());
        }
    }

    private void export(Task task) {
        if (!task.acts().isEmpty()) {
            acts.write(TaskActs.entries(task));
        }
    }

    private void markUnreadable(Map<TaskKey, TaskStatus> requested, List<Task> read) {
        List<TaskKey> known = read.stream().map(Task::key).toList();
        requested.keySet().stream().filter(key -> !known.contains(key)).forEach(key -> {
            log.error("The document {} is not a readable task and is marked as unreadable", key.taskId());
            claims.markUnreadable(
                    new Document(TaskDocument.ID, key.taskId()).append(TaskDocument.USER_ID, key.userId()));
        });
    }

    private static Instant dueAt(Document document, Instant fallback) {
        Instant at = TaskDocument.time(document, TaskDocument.DUE_AT);
        return at == null ? fallback : at;
    }
}
