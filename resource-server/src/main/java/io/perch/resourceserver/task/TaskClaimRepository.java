package io.perch.resourceserver.task;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;
import static io.perch.resourceserver.task.TaskCollection.KNOWN;
import static io.perch.resourceserver.task.TaskCollection.byKey;
import static io.perch.resourceserver.task.TaskCollection.byKeys;
import static io.perch.resourceserver.task.TaskCollection.date;
import static io.perch.resourceserver.task.TaskCollection.names;
import static io.perch.resourceserver.task.TaskCollection.unchanged;
import static io.perch.resourceserver.task.TaskDocument.ACCOUNT;
import static io.perch.resourceserver.task.TaskDocument.ATTEMPT;
import static io.perch.resourceserver.task.TaskDocument.ATTEMPT_LIMIT;
import static io.perch.resourceserver.task.TaskDocument.BLOCKED;
import static io.perch.resourceserver.task.TaskDocument.CLAIM;
import static io.perch.resourceserver.task.TaskDocument.DUE_AT;
import static io.perch.resourceserver.task.TaskDocument.ERROR;
import static io.perch.resourceserver.task.TaskDocument.HISTORY;
import static io.perch.resourceserver.task.TaskDocument.ID;
import static io.perch.resourceserver.task.TaskDocument.LEASE_UNTIL;
import static io.perch.resourceserver.task.TaskDocument.NEXT_ATTEMPT_AT;
import static io.perch.resourceserver.task.TaskDocument.OWNER;
import static io.perch.resourceserver.task.TaskDocument.SEALED_CODE;
import static io.perch.resourceserver.task.TaskDocument.SLOT;
import static io.perch.resourceserver.task.TaskDocument.STATUS;
import static io.perch.resourceserver.task.TaskDocument.UNREADABLE;
import static io.perch.resourceserver.task.TaskDocument.UPDATED_AT;
import static io.perch.resourceserver.task.TaskDocument.USER_ID;

import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import io.perch.resourceserver.mongo.RenewalDatabase;
import io.perch.resourceserver.task.TaskCollection.BulkResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.springframework.stereotype.Component;

/** Finds due tasks, claims them for an instance, and renews and ends the leases of claimed tasks. */
@Component
class TaskClaimRepository {

    /** A task that waits for its first attempt, for another one, or with an answered challenge. */
    private static final Bson CLAIMABLE = or(
            in(STATUS, names(TaskStatus.PENDING, TaskStatus.RETRYING)),
            and(eq(STATUS, TaskStatus.CHALLENGE_REQUIRED.wireName()), exists(SEALED_CODE)));

    private static final Bson DUE_FIELDS = Projections.include(
            USER_ID, ACCOUNT, STATUS, ATTEMPT, ATTEMPT_LIMIT, DUE_AT, LEASE_UNTIL, BLOCKED, SEALED_CODE);

    private final TaskCollection collection;
    private final RenewalDatabase renewals;

    TaskClaimRepository(TaskCollection collection, RenewalDatabase renewals) {
        this.collection = collection;
        this.renewals = renewals;
    }

    /** Finds due tasks, the most overdue first, up to a limit. Tasks in states that only a newer version has are left out. */
    List<Document> due(Instant now, int limit) {
        return collection.call(tasks -> tasks.find(and(lte(DUE_AT, Date.from(now)), in(STATUS, KNOWN)))
                .sort(Sorts.ascending(DUE_AT))
                .limit(limit)
                .projection(DUE_FIELDS)
                .into(new ArrayList<>()));
    }

    /** Marks a document as unreadable and removes its due time. */
    void markUnreadable(Document document) {
        collection.run(tasks -> tasks.updateOne(
                and(eq(ID, document.get(ID)), eq(USER_ID, document.get(USER_ID))),
                new Document("$unset", new Document(DUE_AT, "")).append("$set", new Document(UNREADABLE, true))));
    }

    /**
     * The result of a claim.
     *
     * @param claimed how many tasks were claimed
     * @param blocked the tasks whose account is in use. The remaining tasks were claimed by others or had changed
     */
    record ClaimWrite(int claimed, List<DueTask> blocked) {}

    /**
     * Changes due tasks to {@code running}, each in its own update. The unique index on the slot refuses a second one of an
     * account.
     *
     * @param ignoringDueTime tasks that may be claimed before their stored due time
     */
    ClaimWrite claim(List<DueTask> due, Set<TaskKey> ignoringDueTime, Lease lease, Instant dueAt, Instant now) {
        List<UpdateOneModel<Document>> writes = due.stream()
                .map(task -> claim(task, ignoringDueTime.contains(task.key()), lease, dueAt, now))
                .toList();
        BulkResult result = collection.bulk(writes);
        return new ClaimWrite(
                result.matched(), result.duplicates().stream().map(due::get).toList());
    }

    private static UpdateOneModel<Document> claim(
            DueTask task, boolean ignoringDueTime, Lease lease, Instant dueAt, Instant now) {
        Bson filter = task.isTakeover()
                ? and(
                        ofAccount(task),
                        eq(ATTEMPT, task.attempt()),
                        eq(STATUS, TaskStatus.RUNNING.wireName()),
                        eq(LEASE_UNTIL, date(task.leaseUntil())),
                        lte(DUE_AT, Date.from(now)))
                : ignoringDueTime ? claimable(task) : and(claimable(task), lte(DUE_AT, Date.from(now)));
        int attempt = task.attempt() + 1;
        Document update = new Document(
                        "$set",
                        new Document(STATUS, TaskStatus.RUNNING.wireName())
                                .append(ATTEMPT, attempt)
                                .append(OWNER, lease.owner())
                                .append(CLAIM, lease.claim())
                                .append(SLOT, task.account())
                                .append(LEASE_UNTIL, Date.from(lease.until()))
                                .append(DUE_AT, Date.from(dueAt))
                                .append(UPDATED_AT, Date.from(now)))
                .append(
                        "$unset",
                        new Document(ERROR, "").append(NEXT_ATTEMPT_AT, "").append(BLOCKED, ""))
                .append(
                        "$push",
                        new Document(
                                HISTORY,
                                TaskDocument.transition(new TaskTransition(TaskStatus.RUNNING, now, attempt, null))));
        return new UpdateOneModel<>(filter, update);
    }

    private static Bson claimable(DueTask task) {
        return and(ofAccount(task), eq(ATTEMPT, task.attempt()), CLAIMABLE);
    }

    /** A record from Kafka could name the wrong account, and the account is the slot. */
    private static Bson ofAccount(DueTask task) {
        return and(byKey(task.key()), eq(ACCOUNT, task.account()));
    }

    /** Reads the tasks that have a claim token. */
    List<Task> claimed(Collection<TaskKey> keys, String claim) {
        return collection.read(tasks -> tasks.find(and(byKeys(keys), eq(CLAIM, claim))));
    }

    /** Deletes claimed tasks whose owner was deleted. */
    void remove(Collection<TaskKey> keys) {
        if (!keys.isEmpty()) {
            collection.run(tasks -> tasks.deleteMany(byKeys(keys)));
        }
    }

    /** Postpones tasks whose account is in use, each until its own time. */
    void postpone(Map<DueTask, Instant> until) {
        collection.bulk(until.entrySet().stream()
                .map(task -> new UpdateOneModel<Document>(
                        and(claimable(task.getKey()), lt(DUE_AT, date(task.getValue()))),
                        new Document("$set", new Document(DUE_AT, date(task.getValue())))
                                .append("$inc", new Document(BLOCKED, 1))))
                .toList());
    }

    /**
     * Renews the leases of running tasks. The query uses claim tokens, not the owner: if the reply to a claim was lost, no login
     * runs for it, and its lease must expire.
     *
     * @param claims the claim token of each task
     * @return the IDs of the tasks that these claims still hold
     */
    Set<String> renew(Map<TaskKey, String> claims, Instant until, Instant dueAt) {
        Bson held = and(
                byKeys(claims.keySet()),
                in(CLAIM, Set.copyOf(claims.values())),
                eq(STATUS, TaskStatus.RUNNING.wireName()));
        Document update =
                new Document("$set", new Document(LEASE_UNTIL, Date.from(until)).append(DUE_AT, Date.from(dueAt)));
        return renewals.with(TaskCollection.NAME, tasks -> {
            if (tasks.updateMany(held, update).getMatchedCount() == claims.size()) {
                Set<String> all = new HashSet<>();
                claims.keySet().forEach(key -> all.add(key.taskId()));
                return all;
            }
            return tasks.find(held)
                    .projection(new Document(ID, 1))
                    .map(task -> task.getString(ID))
                    .into(new HashSet<>());
        });
    }

    /**
     * Ends the leases of final tasks whose login has stopped. Acts that are left are copied to the audit log when the task is
     * due.
     */
    void release(Collection<Task> stopped, Instant dueAt) {
        collection.bulk(stopped.stream()
                .map(task -> {
                    Document unset = new Document(OWNER, "")
                            .append(CLAIM, "")
                            .append(SLOT, "")
                            .append(LEASE_UNTIL, "");
                    Document update = new Document("$unset", unset);
                    if (task.acts().isEmpty()) {
                        unset.append(DUE_AT, "");
                    } else {
                        update.append("$set", new Document(DUE_AT, Date.from(dueAt)));
                    }
                    return new UpdateOneModel<Document>(unchanged(task), update);
                })
                .toList());
    }
}
