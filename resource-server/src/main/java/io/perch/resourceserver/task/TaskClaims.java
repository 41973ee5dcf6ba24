package io.perch.resourceserver.task;

import io.perch.resourceserver.account.DeletedUsers;
import io.perch.resourceserver.account.StoredCredentials;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.mongo.DatabaseRetry;
import io.perch.resourceserver.mongo.DatabaseTime;
import io.perch.resourceserver.task.TaskRepository.ClaimWrite;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Claims tasks for this instance, many at once. Of any number of instances one gets a task, and of an account's tasks one is
 * claimed at a time: the database's unique index refuses the second.
 */
@Component
public class TaskClaims {

    private static final Logger log = LoggerFactory.getLogger(TaskClaims.class);

    /** Another instance takes a task over this long after the lease ended, in which its runner has certainly stopped. */
    static final Duration TAKEOVER_MARGIN = Duration.ofSeconds(2);

    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 10;

    /**
     * What a claim brought.
     *
     * @param tasks the tasks that this instance runs from now on
     * @param blocked those whose account is in use; they are due again a little later
     */
    public record Claim(List<ClaimedTask> tasks, List<DueTask> blocked) {}

    private final TaskRepository tasks;
    private final TwitterAccounts accounts;
    private final DeletedUsers deletedUsers;
    private final TaskProperties properties;
    private final ApplicationEventPublisher events;
    private final DatabaseTime time;
    private final DatabaseRetry retry;
    private final RandomGenerator random = RandomGenerator.getDefault();

    TaskClaims(
            TaskRepository tasks,
            TwitterAccounts accounts,
            DeletedUsers deletedUsers,
            TaskProperties properties,
            ApplicationEventPublisher events,
            DatabaseTime time) {
        this.tasks = tasks;
        this.accounts = accounts;
        this.deletedUsers = deletedUsers;
        this.properties = properties;
        this.events = events;
        this.time = time;
        this.retry = new DatabaseRetry(properties.lease().dividedBy(3));
    }

    /** Returns how long a claim holds from when it was sent, or last renewed. */
    public Duration lease() {
        return properties.lease();
    }

    /**
     * Claims tasks.
     *
     * @param due the tasks, the most overdue first
     * @param despiteDue those of them that are known to be due although they were put off
     * @param instance who claims them
     * @throws DataAccessException if the database is unavailable; what was claimed all the same is left to its lease
     */
    public Claim claim(List<DueTask> due, Set<TaskKey> despiteDue, String instance) {
        Map<String, DueTask> oldest = new LinkedHashMap<>();
        List<DueTask> blocked = new ArrayList<>();
        for (DueTask task : due) {
            DueTask before = oldest.putIfAbsent(task.account(), task);
            if (before != null && !before.key().equals(task.key())) {
                blocked.add(task);
            }
        }
        List<DueTask> wanted = List.copyOf(oldest.values());
        if (wanted.isEmpty()) {
            return new Claim(List.of(), List.of());
        }
        long leasedAt = System.nanoTime();
        Instant now = time.instant();
        Instant until = now.plus(properties.lease());
        String token = UUID.randomUUID().toString();
        boolean anything = true;
        try {
            ClaimWrite write = tasks.claim(
                    wanted, despiteDue, new Lease(instance, token, null, until), until.plus(TAKEOVER_MARGIN), now);
            blocked.addAll(write.blocked());
            anything = write.claimed() > 0;
        } catch (DataAccessException e) {
            // The reply may be lost and the tasks claimed: the claim token shows which.
            log.warn("{} tasks may be claimed or not: {}", wanted.size(), e.getMessage());
        }
        List<ClaimedTask> claimed = anything ? retry.call(() -> read(wanted, token, leasedAt)) : List.of();
        claimed.forEach(task -> changed(task.task()));
        putOff(blocked, now);
        return new Claim(claimed, blocked);
    }

    /** Makes tasks due that were put off because their account was in use. */
    public void makeDue(List<DueTask> putOff) {
        tasks.makeDue(putOff, time.instant());
    }

    private List<ClaimedTask> read(List<DueTask> wanted, String token, long leasedAt) {
        List<Task> claimed = withoutDeletedUsers(
                tasks.claimed(wanted.stream().map(DueTask::key).toList(), token));
        Map<String, String> owners = new HashMap<>();
        claimed.stream()
                .filter(task -> task.credentials() == null)
                .forEach(task -> owners.put(task.twitterUserId(), task.userId()));
        Map<String, StoredCredentials> stored = accounts.credentials(owners);
        return claimed.stream()
                .map(task -> new ClaimedTask(
                        task, task.credentials() == null ? stored.get(task.twitterUserId()) : null, leasedAt))
                .toList();
    }

    /** A task that was stored after its owner was deleted is destroyed here. */
    private List<Task> withoutDeletedUsers(List<Task> claimed) {
        if (claimed.isEmpty()) {
            return claimed;
        }
        Set<String> users = claimed.stream().map(Task::userId).collect(Collectors.toSet());
        Set<String> deleted = deletedUsers.among(users);
        if (deleted.isEmpty()) {
            return claimed;
        }
        List<Task> orphans =
                claimed.stream().filter(task -> deleted.contains(task.userId())).toList();
        tasks.remove(orphans.stream().map(Task::key).toList());
        orphans.forEach(task ->
                log.info("task_id={} user_id={} its owner was deleted: it is destroyed", task.id(), task.userId()));
        return claimed.stream().filter(task -> !deleted.contains(task.userId())).toList();
    }

    private void putOff(List<DueTask> blocked, Instant now) {
        if (blocked.isEmpty()) {
            return;
        }
        Map<DueTask, Instant> until = new LinkedHashMap<>();
        blocked.forEach(task -> until.put(task, now.plus(delay(task.blocked()))));
        try {
            tasks.putOff(until);
        } catch (DataAccessException e) {
            log.warn("{} tasks whose account is in use stay due: {}", blocked.size(), e.getMessage());
        }
    }

    /** Doubled with each time, up to half a lease; scattered over its upper half. */
    private Duration delay(int blocked) {
        long longest = properties.lease().toMillis() / 2;
        long delay = Math.min(longest, FIRST_DELAY.toMillis() << Math.min(blocked, MAX_DOUBLINGS));
        return Duration.ofMillis(delay / 2 + random.nextLong(delay / 2 + 1));
    }

    private void changed(Task task) {
        TaskLog.changed(log, task);
        events.publishEvent(new TaskChanged(task));
    }
}
