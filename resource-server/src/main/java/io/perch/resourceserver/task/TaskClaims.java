package io.perch.resourceserver.task;

import io.perch.resourceserver.account.DeletedUsers;
import io.perch.resourceserver.account.StoredCredentials;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.mongo.DatabaseRetry;
import io.perch.resourceserver.mongo.DatabaseTime;
import io.perch.resourceserver.task.TaskClaimRepository.ClaimWrite;
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
 * Claims tasks for this instance, many at once. Only one instance gets a task, and only one task of an account is claimed at a
 * time: the database's unique index refuses a second one.
 */
@Component
public class TaskClaims {

    private static final Logger log = LoggerFactory.getLogger(TaskClaims.class);

    /** Another instance takes a task over this long after its lease ended. By then the login has certainly stopped. */
    static final Duration TAKEOVER_MARGIN = Duration.ofSeconds(2);

    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 10;

    /**
     * The result of a claim.
     *
     * @param tasks the tasks that this instance has claimed
     * @param blocked the tasks whose account is in use; they were postponed
     */
    public record Claim(List<ClaimedTask> tasks, List<DueTask> blocked) {}

    private final TaskClaimRepository tasks;
    private final TwitterAccounts accounts;
    private final DeletedUsers deletedUsers;
    private final TaskProperties properties;
    private final ApplicationEventPublisher events;
    private final DatabaseTime time;
    private final DatabaseRetry retry;
    private final RandomGenerator random = RandomGenerator.getDefault();

    TaskClaims(
            TaskClaimRepository tasks,
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

    /** Returns how long a lease is valid after it was requested or last renewed. */
    public Duration lease() {
        return properties.lease();
    }

    /**
     * Claims tasks.
     *
     * @param due the tasks, the most overdue first
     * @param ignoringDueTime those of them that may be claimed before their stored due time, because their account is free again
     * @param instance the ID of this instance
     * @throws DataAccessException if the database is unavailable; tasks that were claimed in spite of it are claimable again when
     *     their leases expire
     */
    public Claim claim(List<DueTask> due, Set<TaskKey> ignoringDueTime, String instance) {
        Map<String, DueTask> oldest = new LinkedHashMap<>();
        List<DueTask> blocked = new ArrayList<>();
        for (DueTask task : due) {
            DueTask before = oldest.putIfAbsent(task.account(), task);
            if (before != null && !before.key().equals(task.key())) {
                blocked.add(task);
            }
        }
        List<DueTask> oldestOfAccounts = List.copyOf(oldest.values());
        if (oldestOfAccounts.isEmpty()) {
            return new Claim(List.of(), List.of());
        }
        long leasedAt = System.nanoTime();
        Instant now = time.instant();
        Instant until = now.plus(properties.lease());
        String token = UUID.randomUUID().toString();
        boolean maybeClaimed = true;
        try {
            ClaimWrite write = tasks.claim(
                    oldestOfAccounts,
                    ignoringDueTime,
                    new Lease(instance, token, null, until),
                    until.plus(TAKEOVER_MARGIN),
                    now);
            blocked.addAll(write.blocked());
            maybeClaimed = write.claimed() > 0;
        } catch (DataAccessException e) {
            // The tasks may be claimed although the reply was lost: look for the claim token
            log.warn("It is unknown whether {} tasks were claimed: {}", oldestOfAccounts.size(), e.getMessage());
        }
        List<ClaimedTask> claimed =
                maybeClaimed ? retry.call(() -> read(oldestOfAccounts, token, leasedAt)) : List.of();
        claimed.forEach(task -> changed(task.task()));
        postpone(blocked, now);
        return new Claim(claimed, blocked);
    }

    private List<ClaimedTask> read(List<DueTask> oldestOfAccounts, String token, long leasedAt) {
        List<Task> claimed = withoutDeletedUsers(
                tasks.claimed(oldestOfAccounts.stream().map(DueTask::key).toList(), token));
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

    /** Deletes tasks that were stored after their owner was deleted. */
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
                log.info("task_id={} user_id={} is deleted, because its owner was deleted", task.id(), task.userId()));
        return claimed.stream().filter(task -> !deleted.contains(task.userId())).toList();
    }

    private void postpone(List<DueTask> blocked, Instant now) {
        if (blocked.isEmpty()) {
            return;
        }
        Map<DueTask, Instant> until = new LinkedHashMap<>();
        blocked.forEach(task -> until.put(task, now.plus(delay(task.blocked()))));
        try {
            tasks.postpone(until);
        } catch (DataAccessException e) {
            log.warn("{} tasks whose account is in use are not postponed: {}", blocked.size(), e.getMessage());
        }
    }

    /** Doubled each time, up to half a lease, with jitter over the upper half. */
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
