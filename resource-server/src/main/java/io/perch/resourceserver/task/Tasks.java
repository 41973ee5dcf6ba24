package io.perch.resourceserver.task;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import io.perch.resourceserver.task.TaskStore.Move;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

/**
 * Runs tasks through their states, for those who carry them out. A task is claimed for one attempt, and ends that attempt
 * by one of {@link #succeed}, {@link #fail}, {@link #retry}, {@link #challenge} and {@link #handBack}. An attempt that lost
 * its task writes nothing.
 */
@Component
public class Tasks {

    private final TaskStore store;
    private final AccountLeases accounts;
    private final MongoOperations mongo;
    private final TaskProperties properties;
    private final RetryDelays delays;
    private final ChallengeSecrets secrets;
    private final ApplicationEventPublisher events;

    Tasks(
            TaskStore store,
            AccountLeases accounts,
            MongoOperations mongo,
            TaskProperties properties,
            ChallengeSecrets secrets,
            ApplicationEventPublisher events) {
        this.store = store;
        this.accounts = accounts;
        this.mongo = mongo;
        this.properties = properties;
        this.delays =
                new RetryDelays(properties.retryDelay(), properties.maxRetryDelay(), RandomGenerator.getDefault());
        this.secrets = secrets;
        this.events = events;
    }

    /**
     * Claims a task for one attempt. Of any number of callers one gets it; a task that somebody else runs, that has to
     * wait, or that is done is not given out, nor is one whose account somebody logs in to right now: that task is told of
     * by {@link TaskReady} when the account is free.
     *
     * @param taskId the task
     * @param instance who claims it
     * @return the task as this attempt's own, or empty where it is not to be had
     */
    public Optional<Task> claim(String taskId, String instance) {
        Task found = store.find(taskId).orElse(null);
        if (found == null || !found.isClaimable(store.now())) {
            return Optional.empty();
        }
        int attempt = found.attempt() + 1;
        if (!accounts.acquire(found, attempt, instance)) {
            return Optional.empty();
        }
        Instant leaseUntil = leaseEnd();
        Update update = new Update()
                .set("attempt", attempt)
                .set("owner", instance)
                .set("leaseUntil", leaseUntil)
                .set("dueAt", leaseUntil)
                .unset("error");
        // A lease that was renewed since it was read has not run out.
        Criteria conditions = TaskStore.unchanged(found).and("leaseUntil").is(found.leaseUntil());
        Optional<Task> claimed = store.move(found, conditions, new Move(TaskStatus.RUNNING, attempt, null), update);
        if (claimed.isEmpty()) {
            release(found, attempt);
        }
        return claimed;
    }

    /**
     * Returns the user's answer to the challenge of an earlier attempt, or null where there is none.
     *
     * @throws io.perch.resourceserver.crypto.UnsealException if what is stored does not open
     */
    public @Nullable ChallengeAnswer answer(Task claimed) {
        return secrets.answer(claimed);
    }

    /**
     * Ends a task: the login succeeded.
     *
     * @return the task as it is now; empty where it is not the attempt's own any more, and nothing was written
     */
    public Optional<Task> succeed(Task claimed) {
        return leave(claimed, TaskStatus.SUCCESS, null, new Update());
    }

    /**
     * Ends a task: the login failed for good.
     *
     * @return as {@link #succeed}
     */
    public Optional<Task> fail(Task claimed, TaskError error) {
        return leave(claimed, TaskStatus.FAILURE, error.code(), new Update().set("error", error));
    }

    /**
     * Has a task wait for another attempt, or ends it where this was the last one.
     *
     * @param notBefore when the other side will listen again, or null where it did not say
     * @return as {@link #succeed}
     */
    public Optional<Task> retry(Task claimed, TaskError error, @Nullable Instant notBefore) {
        if (claimed.isLastAttempt()) {
            return fail(claimed, error);
        }
        Instant next = delays.next(claimed.attempt(), store.now(), notBefore);
        Update update =
                new Update().set("error", error).set("nextAttemptAt", next).set("dueAt", next);
        return leave(claimed, TaskStatus.RETRYING, error.code(), update);
    }

    /**
     * Gives a task up for somebody else to take at once: this instance stops.
     *
     * @return as {@link #succeed}
     */
    public Optional<Task> handBack(Task claimed) {
        Instant now = store.now();
        Update update = new Update().set("nextAttemptAt", now).set("dueAt", now).inc("attemptLimit", 1);
        return leave(claimed, TaskStatus.RETRYING, "handed_back", update);
    }

    /**
     * Has a task wait for a code from its owner.
     *
     * @param kind where the code comes from, such as {@code email}
     * @param continuation what the login needs to go on; it is sealed before it is written
     * @return as {@link #succeed}
     */
    public Optional<Task> challenge(Task claimed, String kind, String continuation) {
        Challenge challenge = new Challenge(
                kind,
                store.now().plus(properties.challengeTimeout()),
                0,
                secrets.sealContinuation(claimed, continuation),
                null);
        return await(claimed, challenge, kind);
    }

    /**
     * Notes that the owner's code was wrong: the challenge takes another one until its deadline, or the login ends where
     * this was one too many.
     *
     * @return as {@link #succeed}
     * @throws IllegalArgumentException if the task has no challenge
     */
    public Optional<Task> wrongCode(Task claimed) {
        Challenge old = claimed.challenge();
        if (old == null) {
            throw new IllegalArgumentException("The task was not asked for a code");
        }
        int wrong = old.wrongCodes() + 1;
        if (wrong >= properties.wrongCodes()) {
            return fail(claimed, new TaskError("challenge_failed", "Too many codes were wrong", false));
        }
        Challenge again = new Challenge(old.kind(), old.expiresAt(), wrong, old.sealedContinuation(), null);
        return await(claimed, again, "wrong_code");
    }

    /**
     * Renews the leases of running tasks and their accounts.
     *
     * @param running tasks that this instance claimed
     * @return the ids of those that are still its own
     */
    public Set<String> renew(Collection<Task> running, String instance) {
        Set<String> ids =
                accounts.renew(running, instance).stream().map(Task::id).collect(Collectors.toSet());
        Criteria ours =
                where("id").in(ids).and("owner").is(instance).and("status").is(TaskStatus.RUNNING);
        Instant until = leaseEnd();
        Update update = Update.update("leaseUntil", until).set("dueAt", until);
        long renewed = mongo.updateMulti(query(ours), update, Task.class).getMatchedCount();
        if (renewed == ids.size()) {
            return ids;
        }
        return mongo.find(query(ours), Task.class).stream().map(Task::id).collect(Collectors.toSet());
    }

    /** Returns how long a claim holds from when it was made, or last renewed. */
    public Duration lease() {
        return properties.lease();
    }

    private Optional<Task> await(Task claimed, Challenge challenge, String detail) {
        Update update = new Update().set("challenge", challenge).set("dueAt", challenge.expiresAt());
        return leave(claimed, TaskStatus.CHALLENGE_REQUIRED, detail, update);
    }

    /** Ends an attempt. A caller that does not know whether its first call was heard may call again. */
    private Optional<Task> leave(Task claimed, TaskStatus to, @Nullable String detail, Update update) {
        Optional<Task> left = store.move(claimed, new Move(to, claimed.attempt(), detail), update);
        if (left.isEmpty()) {
            left = store.find(claimed.id()).filter(task -> task.attempt() == claimed.attempt() && task.status() == to);
            left.ifPresent(task -> events.publishEvent(new TaskChanged(task)));
        }
        release(claimed, claimed.attempt());
        return left;
    }

    private void release(Task task, int attempt) {
        accounts.release(task, attempt)
                .forEach(waiting -> events.publishEvent(new TaskReady(waiting, task.userId(), task.twitterUserId())));
    }

    private Instant leaseEnd() {
        return store.now().plus(properties.lease());
    }
}
