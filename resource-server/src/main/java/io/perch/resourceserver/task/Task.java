package io.perch.resourceserver.task;

import io.perch.resourceserver.account.SealedCredentials;
import io.perch.resourceserver.acts.Act;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A login task as stored in the database. Its times are the database's.
 *
 * @param id the task's ID
 * @param userId the owner: the {@code sub} of the owner's tokens
 * @param twitterUserId the account to log in to
 * @param username the account's X user name
 * @param status the state
 * @param attempt how often the task was claimed; a fencing token: writes of earlier claims fail
 * @param attemptLimit the last attempt that is allowed
 * @param dueAt when an instance must process the task; null if nothing is left to do
 * @param lease which instance runs it; null if none does
 * @param nextAttemptAt when a task that waits for another attempt may be claimed; null in any other state
 * @param error why the last attempt failed; null if it did not
 * @param challenge the code that X requires; null if it requires none
 * @param credentials the account's sealed credentials until the first attempt ends; then null
 * @param fingerprint the sealed fingerprint of the request; null without an idempotency key
 * @param acts what users and moderators did to it, until it is in the audit log
 * @param blocked how often its account was in use since the task was last claimed
 * @param createdAt when it was accepted
 * @param updatedAt when its state last changed
 * @param completedAt when it became final; null before
 * @param history every state it was in, oldest first; entries are only added
 */
public record Task(
        String id,
        String userId,
        String twitterUserId,
        String username,
        TaskStatus status,
        int attempt,
        int attemptLimit,
        @Nullable Instant dueAt,
        @Nullable Lease lease,
        @Nullable Instant nextAttemptAt,
        @Nullable TaskError error,
        @Nullable Challenge challenge,
        @Nullable SealedCredentials credentials,
        @Nullable String fingerprint,
        List<Act> acts,
        int blocked,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant completedAt,
        List<TaskTransition> history) {

    /** Returns how often the task changed. A higher version is newer. */
    public int version() {
        return history.size();
    }

    boolean hasAnswer() {
        return challenge != null && challenge.sealedCode() != null;
    }

    boolean isLastAttempt() {
        return attempt >= attemptLimit;
    }

    TaskKey key() {
        return new TaskKey(id, userId);
    }

    /**
     * Starts a change to another state, as part of the current attempt. Fields that belong only to the old state are cleared.
     *
     * @throws IllegalArgumentException if {@link TaskStatus} does not allow it
     */
    Change to(TaskStatus next, Instant now, @Nullable String detail) {
        if (!status.canBecome(next)) {
            throw new IllegalArgumentException("A task that is " + status + " cannot become " + next);
        }
        Change change = new Change(this);
        change.status = next;
        change.updatedAt = now;
        List<TaskTransition> newHistory = new ArrayList<>(history);
        newHistory.add(new TaskTransition(next, now, attempt, detail));
        change.history = List.copyOf(newHistory);
        change.nextAttemptAt = null;
        change.blocked = 0;
        if (next.isFinal()) {
            change.completedAt = now;
            change.challenge = null;
            change.credentials = null;
            change.dueAt = null;
        }
        return change;
    }

    /** Starts a change that keeps the state. */
    Change change() {
        return new Change(this);
    }

    /** Builder for a changed task. */
    static final class Change {

        private final Task from;
        private TaskStatus status;
        private int attemptLimit;
        private @Nullable Instant dueAt;
        private @Nullable Lease lease;
        private @Nullable Instant nextAttemptAt;
        private @Nullable TaskError error;
        private @Nullable Challenge challenge;
        private @Nullable SealedCredentials credentials;
        private List<Act> acts;
        private int blocked;
        private Instant updatedAt;
        private @Nullable Instant completedAt;
        private List<TaskTransition> history;

        private Change(Task from) {
            this.from = from;
            this.status = from.status;
            this.attemptLimit = from.attemptLimit;
            this.dueAt = from.dueAt;
            this.lease = from.lease;
            this.nextAttemptAt = from.nextAttemptAt;
            this.error = from.error;
            this.challenge = from.challenge;
            this.credentials = from.credentials;
            this.acts = from.acts;
            this.blocked = from.blocked;
            this.updatedAt = from.updatedAt;
            this.completedAt = from.completedAt;
            this.history = from.history;
        }

        Change due(@Nullable Instant at) {
            dueAt = at;
            return this;
        }

        Change nextAttempt(Instant at) {
            nextAttemptAt = at;
            dueAt = at;
            return this;
        }

        Change error(@Nullable TaskError reason) {
            error = reason;
            return this;
        }

        Change challenge(Challenge next) {
            challenge = next;
            return this;
        }

        Change moreAttempts(int more) {
            attemptLimit += more;
            return this;
        }

        Change attemptLimit(int limit) {
            attemptLimit = limit;
            return this;
        }

        Change incomplete() {
            completedAt = null;
            return this;
        }

        Change withoutLease() {
            lease = null;
            return this;
        }

        Change withoutCredentials() {
            credentials = null;
            return this;
        }

        /** Adds acts. The caller must also set a due time, at which they are copied to the audit log. */
        Change act(List<Act> more) {
            List<Act> all = new ArrayList<>(acts);
            all.addAll(more);
            acts = List.copyOf(all);
            return this;
        }

        Change withoutActs() {
            acts = List.of();
            return this;
        }

        Task build() {
            return new Task(
                    from.id,
                    from.userId,
                    from.twitterUserId,
                    from.username,
                    status,
                    from.attempt,
                    attemptLimit,
                    dueAt,
                    lease,
                    nextAttemptAt,
                    error,
                    challenge,
                    credentials,
                    from.fingerprint,
                    acts,
                    blocked,
                    from.createdAt,
                    updatedAt,
                    completedAt,
                    history);
        }
    }
}
