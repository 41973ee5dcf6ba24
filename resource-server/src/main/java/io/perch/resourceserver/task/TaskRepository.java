package io.perch.resourceserver.task;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;
import static io.perch.resourceserver.task.TaskDocument.ACCOUNT;
import static io.perch.resourceserver.task.TaskDocument.ACTS;
import static io.perch.resourceserver.task.TaskDocument.ATTEMPT;
import static io.perch.resourceserver.task.TaskDocument.ATTEMPT_LIMIT;
import static io.perch.resourceserver.task.TaskDocument.BLOCKED;
import static io.perch.resourceserver.task.TaskDocument.CLAIM;
import static io.perch.resourceserver.task.TaskDocument.COMPLETED_AT;
import static io.perch.resourceserver.task.TaskDocument.CREATED_AT;
import static io.perch.resourceserver.task.TaskDocument.DUE_AT;
import static io.perch.resourceserver.task.TaskDocument.ERROR;
import static io.perch.resourceserver.task.TaskDocument.ERROR_CODE;
import static io.perch.resourceserver.task.TaskDocument.FINGERPRINT;
import static io.perch.resourceserver.task.TaskDocument.FORGET_AT;
import static io.perch.resourceserver.task.TaskDocument.HISTORY;
import static io.perch.resourceserver.task.TaskDocument.ID;
import static io.perch.resourceserver.task.TaskDocument.KEEP_UNTIL;
import static io.perch.resourceserver.task.TaskDocument.LEASE_UNTIL;
import static io.perch.resourceserver.task.TaskDocument.NEXT_ATTEMPT_AT;
import static io.perch.resourceserver.task.TaskDocument.OWNER;
import static io.perch.resourceserver.task.TaskDocument.SEALED_CODE;
import static io.perch.resourceserver.task.TaskDocument.SECRETS;
import static io.perch.resourceserver.task.TaskDocument.SLOT;
import static io.perch.resourceserver.task.TaskDocument.STATUS;
import static io.perch.resourceserver.task.TaskDocument.UNREADABLE;
import static io.perch.resourceserver.task.TaskDocument.UPDATED_AT;
import static io.perch.resourceserver.task.TaskDocument.USERNAME;
import static io.perch.resourceserver.task.TaskDocument.USER_ID;
import static io.perch.resourceserver.task.TaskDocument.VERSION;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import io.perch.resourceserver.account.SealedCredentials;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.mongo.DeclaredIndex;
import io.perch.resourceserver.mongo.IndexedCollection;
import io.perch.resourceserver.mongo.RenewalDatabase;
import io.perch.resourceserver.web.PageCursor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.KeysetScrollPosition;
import org.springframework.data.domain.Window;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.stereotype.Component;

/**
 * All queries and indexes of the collection {@code task_statuses}. Every command that changes a task has {@code user_id}, which
 * is the shard key, and {@code _id}. Every command may be repeated if its reply was lost.
 */
@Component
class TaskRepository implements IndexedCollection {

    static final String COLLECTION = "task_statuses";

    private static final Logger log = LoggerFactory.getLogger(TaskRepository.class);
    private static final int DUPLICATE_KEY = 11000;
    private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);
    private static final FindOneAndUpdateOptions RETURN_NEW =
            new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);

    private static final List<String> KNOWN = names(TaskStatus.values());
    private static final List<String> OPEN = names(Arrays.stream(TaskStatus.values())
            .filter(status -> !status.isFinal())
            .toArray(TaskStatus[]::new));
    private static final List<String> FINAL =
            names(Arrays.stream(TaskStatus.values()).filter(TaskStatus::isFinal).toArray(TaskStatus[]::new));

    /** The documents of the old service. */
    private static final Bson OLD_DOCUMENT = and(eq(CREATED_AT, null), eq(VERSION, null));

    /** A task that waits for its first attempt, for another one, or with an answered challenge. */
    private static final Bson CLAIMABLE = or(
            in(STATUS, names(TaskStatus.PENDING, TaskStatus.RETRYING)),
            and(eq(STATUS, TaskStatus.CHALLENGE_REQUIRED.wireName()), exists(SEALED_CODE)));

    private static final Document DUE_FIELDS = new Document(Map.of(
            USER_ID,
            1,
            ACCOUNT,
            1,
            STATUS,
            1,
            ATTEMPT,
            1,
            ATTEMPT_LIMIT,
            1,
            DUE_AT,
            1,
            LEASE_UNTIL,
            1,
            BLOCKED,
            1,
            SEALED_CODE,
            1));

    private final MongoOperations mongo;
    private final RenewalDatabase renewals;

    TaskRepository(MongoOperations mongo, RenewalDatabase renewals) {
        this.mongo = mongo;
        this.renewals = renewals;
    }

    @Override
    public String collection() {
        return COLLECTION;
    }

    @Override
    public List<DeclaredIndex> indexes() {
        return List.of(
                new DeclaredIndex(
                        "slot",
                        DeclaredIndex.of("slot", USER_ID, SLOT).keys(),
                        DeclaredIndex.Kind.UNIQUE_WHERE_PRESENT),
                DeclaredIndex.sparse("due_tasks", DUE_AT),
                DeclaredIndex.sparse("completed", COMPLETED_AT),
                DeclaredIndex.sparse("forget", FORGET_AT),
                DeclaredIndex.of("user_newest_first", USER_ID, "-" + CREATED_AT, "-" + ID),
                DeclaredIndex.of("user_by_status", USER_ID, STATUS, "-" + CREATED_AT, "-" + ID),
                DeclaredIndex.of("user_last_changed", USER_ID, "-" + UPDATED_AT, "-" + ID),
                DeclaredIndex.of("status_newest_first", STATUS, "-" + CREATED_AT, "-" + ID),
                DeclaredIndex.of("account_newest_first", USERNAME, "-" + CREATED_AT, "-" + ID),
                DeclaredIndex.of("error_newest_first", ERROR_CODE, "-" + CREATED_AT, "-" + ID),
                DeclaredIndex.of("all_newest_first", "-" + CREATED_AT, "-" + ID));
    }

    // -- One task

    /**
     * Stores a new task.
     *
     * @param forgetAt when its fingerprint is to be removed; null if it has none
     * @throws org.springframework.dao.DuplicateKeyException if the ID exists
     */
    void insert(Task task, @Nullable Instant forgetAt) {
        Document document = TaskDocument.write(task);
        if (forgetAt != null) {
            document.append(FORGET_AT, Date.from(forgetAt));
        }
        run(tasks -> tasks.insertOne(document));
    }

    /** Finds a task of a user. */
    Optional<Task> find(TaskKey key) {
        return call(tasks -> Optional.ofNullable(tasks.find(byKey(key)).first()))
                .flatMap(TaskRepository::readable);
    }

    /** Finds a task of any user. On a sharded cluster this queries every shard. */
    Optional<Task> findById(String taskId) {
        return call(tasks -> Optional.ofNullable(tasks.find(eq(ID, taskId)).first()))
                .flatMap(TaskRepository::readable);
    }

    /**
     * Replaces a task if its state, attempt and claim are unchanged since it was read.
     *
     * @return the stored task; empty if it had changed
     */
    Optional<Task> replace(Task from, Task to) {
        return replace(from, to, new Document());
    }

    /** Like {@link #replace(Task, Task)}, but only if the challenge has no code yet and has not expired. */
    Optional<Task> replaceUnanswered(Task from, Task to, Instant now) {
        return replace(from, to, and(exists(SEALED_CODE, false), gt("challenge.expires_at", Date.from(now))));
    }

    /** Like {@link #replace(Task, Task)}, but only if its due time is unchanged: every other change sets another due time. */
    Optional<Task> replaceWhileDue(Task from, Task to) {
        return replace(from, to, eq(DUE_AT, date(from.dueAt())));
    }

    private Optional<Task> replace(Task from, Task to, Bson more) {
        return call(tasks -> Optional.ofNullable(
                        tasks.findOneAndUpdate(and(unchanged(from), more), TaskUpdate.of(from, to), RETURN_NEW)))
                .flatMap(TaskRepository::readable);
    }

    // -- Claims

    /** Finds due tasks, the limit overdue first. Tasks in states that only a newer version has are left out. */
    List<Document> due(Instant now, int limit) {
        return call(tasks -> tasks.find(and(lte(DUE_AT, Date.from(now)), in(STATUS, KNOWN)))
                .sort(Sorts.ascending(DUE_AT))
                .limit(limit)
                .projection(DUE_FIELDS)
                .into(new ArrayList<>()));
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
        BulkResult result = bulk(writes);
        return new ClaimWrite(
                result.matched(), result.duplicates().stream().map(due::get).toList());
    }

    /** Reads the tasks that have a claim token. */
    List<Task> claimed(Collection<TaskKey> keys, String claim) {
        return call(tasks -> tasks.find(and(byKeys(keys), eq(CLAIM, claim)))
                        .map(TaskRepository::readable)
                        .into(new ArrayList<>()))
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Postpones tasks whose account is in use, each until its own time. */
    void postpone(Map<DueTask, Instant> until) {
        bulk(until.entrySet().stream()
                .map(task -> new UpdateOneModel<Document>(
                        and(claimable(task.getKey()), lt(DUE_AT, date(task.getValue()))),
                        new Document("$set", new Document(DUE_AT, date(task.getValue())))
                                .append("$inc", new Document(BLOCKED, 1))))
                .toList());
    }

    /** Marks a document as unreadable and removes its due time. */
    void markUnreadable(Document document) {
        run(tasks -> tasks.updateOne(
                and(eq(ID, document.get(ID)), eq(USER_ID, document.get(USER_ID))),
                new Document("$unset", new Document(DUE_AT, "")).append("$set", new Document(UNREADABLE, true))));
    }

    // -- Leases

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
        return renewals.with(COLLECTION, tasks -> {
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

    // -- Results

    /** A task before and after its attempt ended. */
    record Replacement(Task from, Task to) {}

    /**
     * Replaces many tasks, each if its state, attempt and claim are unchanged since it was read.
     *
     * @return how many were replaced; if fewer than requested, {@link #findAll} shows which
     */
    int replaceAll(List<Replacement> replacements) {
        return bulk(replacements.stream()
                        .map(task -> new UpdateOneModel<Document>(
                                unchanged(task.from()), TaskUpdate.of(task.from(), task.to())))
                        .toList())
                .matched();
    }

    /** Finds tasks, in no order. Unreadable ones are left out. */
    List<Task> findAll(Collection<TaskKey> keys) {
        return keys.isEmpty()
                ? List.of()
                : call(tasks -> tasks.find(byKeys(keys))
                                .map(TaskRepository::readable)
                                .into(new ArrayList<>()))
                        .stream()
                        .flatMap(Optional::stream)
                        .toList();
    }

    /**
     * Ends the leases of final tasks whose login has stopped. Acts that are left are copied to the audit log when the task is
     * due.
     */
    void release(Collection<Task> stopped, Instant dueAt) {
        bulk(stopped.stream()
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

    /** Sets tasks to be due now that were postponed because their account was in use. */
    void makeDue(Collection<DueTask> postponed, Instant now) {
        bulk(postponed.stream()
                .map(task -> new UpdateOneModel<Document>(
                        and(claimable(task), exists(DUE_AT)), new Document("$set", new Document(DUE_AT, date(now)))))
                .toList());
    }

    // -- Idempotency keys

    /**
     * Marks the tasks of earlier uses of an idempotency key, so that they are not removed.
     *
     * @return how many of them exist
     */
    int keep(List<TaskKey> uses, Instant until) {
        return bulk(uses.stream()
                        .map(key -> new UpdateOneModel<Document>(
                                byKey(key), new Document("$max", new Document(KEEP_UNTIL, Date.from(until)))))
                        .toList())
                .matched();
    }

    /** Removes fingerprints that are due for removal; returns how many, at limit {@code limit}. */
    int removeExpiredFingerprints(Instant now, int limit) {
        List<TaskKey> old = keys(lte(FORGET_AT, Date.from(now)), FORGET_AT, limit);
        bulk(old.stream()
                .map(key -> new UpdateOneModel<Document>(
                        byKey(key), new Document("$unset", new Document(FINGERPRINT, "").append(FORGET_AT, ""))))
                .toList());
        return old.size();
    }

    // -- Removal

    /**
     * Deletes final tasks that completed before a time and have nothing left to do; returns how many were found, at limit {@code
     * limit}.
     */
    int removeCompleted(Instant before, Instant now, int limit) {
        Bson old = and(
                lt(COMPLETED_AT, Date.from(before)),
                exists(SLOT, false),
                exists(ACTS + ".0", false),
                or(exists(KEEP_UNTIL, false), lt(KEEP_UNTIL, Date.from(now))));
        List<TaskKey> keys = keys(old, COMPLETED_AT, limit);
        if (!keys.isEmpty()) {
            run(tasks -> tasks.deleteMany(and(byKeys(keys), in(STATUS, FINAL))));
        }
        return keys.size();
    }

    /** Deletes tasks in any state. */
    void remove(Collection<TaskKey> keys) {
        if (!keys.isEmpty()) {
            run(tasks -> tasks.deleteMany(byKeys(keys)));
        }
    }

    // -- Acts

    /** Removes acts that are now in the audit log. If a final task has nothing else left to do, its due time is removed too. */
    void removeActs(Task task) {
        Document update = new Document(
                "$pull",
                new Document(
                        ACTS,
                        TaskUpdate.withIds(
                                task.acts().stream().map(act -> act.id()).toList())));
        if (task.status().isFinal() && task.lease() == null) {
            // Another act sets another due time
            run(tasks -> {
                Document done = new Document(update).append("$unset", new Document(DUE_AT, ""));
                Bson unchanged = and(unchanged(task), eq(DUE_AT, date(task.dueAt())));
                if (tasks.updateOne(unchanged, done).getMatchedCount() == 0) {
                    tasks.updateOne(byKey(task.key()), update);
                }
            });
        } else {
            run(tasks -> tasks.updateOne(byKey(task.key()), update));
        }
    }

    // -- One user's tasks

    /** Finds a user's open tasks with credentials, which may be stored nowhere else. */
    List<Task> withCredentials(String userId) {
        return read(and(eq(USER_ID, userId), in(STATUS, OPEN), exists(SECRETS)));
    }

    /** Finds a user's open tasks, of one account or, if it is null, of all. */
    List<Task> open(String userId, @Nullable String account) {
        Bson open = and(eq(USER_ID, userId), in(STATUS, OPEN));
        return read(account == null ? open : and(open, eq(ACCOUNT, account)));
    }

    /** Finds a user's tasks with acts that are not in the audit log yet. */
    List<Task> withActs(String userId, @Nullable Instant before) {
        return read(and(ofUser(userId, before), exists(ACTS + ".0")));
    }

    /** Removes the fingerprints of a user's requests for an account. */
    void removeFingerprints(String userId, String account) {
        List<TaskKey> keys =
                call(tasks -> tasks.find(and(eq(USER_ID, userId), eq(ACCOUNT, account), exists(FINGERPRINT)))
                        .projection(new Document(USER_ID, 1))
                        .map(TaskRepository::key)
                        .into(new ArrayList<>()));
        bulk(keys.stream()
                .map(key -> new UpdateOneModel<Document>(
                        byKey(key), new Document("$unset", new Document(FINGERPRINT, "").append(FORGET_AT, ""))))
                .toList());
    }

    long countOf(String userId) {
        return call(tasks -> tasks.countDocuments(eq(USER_ID, userId)));
    }

    void removeAllOf(String userId, @Nullable Instant before) {
        run(tasks -> tasks.deleteMany(ofUser(userId, before)));
    }

    private static Bson ofUser(String userId, @Nullable Instant before) {
        Bson all = eq(USER_ID, userId);
        return before == null ? all : and(all, lt(CREATED_AT, Date.from(before)));
    }

    // -- Lists and counts

    /** Reads a page, newest first. */
    Window<Task> list(TaskFilter filter, @Nullable String after, int limit) {
        List<Bson> conditions = conditions(filter);
        KeysetScrollPosition position = PageCursor.position(after);
        if (!position.getKeys().isEmpty()) {
            Date createdAt = Date.from((Instant) position.getKeys().get("createdAt"));
            conditions.add(or(
                    lt(CREATED_AT, createdAt),
                    and(eq(CREATED_AT, createdAt), lt(ID, position.getKeys().get("id")))));
        }
        List<Document> found = call(tasks -> tasks.find(and(conditions))
                .sort(Sorts.descending(CREATED_AT, ID))
                .limit(limit + 1)
                .into(new ArrayList<>()));
        boolean more = found.size() > limit;
        List<Task> page = (more ? found.subList(0, limit) : found)
                .stream()
                        .map(TaskRepository::readable)
                        .flatMap(Optional::stream)
                        .toList();
        return Window.from(page, index -> PageCursor.position(null), more);
    }

    /** The fields of a task that a count needs. */
    record Outline(String account, @Nullable String error, boolean retryable) {}

    /** Reads these fields of the newest tasks. */
    List<Outline> outlines(TaskFilter filter, int limit) {
        return call(tasks -> tasks.find(and(conditions(filter)))
                .sort(Sorts.descending(CREATED_AT, ID))
                .limit(limit)
                .projection(new Document(ACCOUNT, 1).append(ERROR, 1))
                .map(task -> {
                    Document error = task.get(ERROR, Document.class);
                    return new Outline(
                            String.valueOf(task.get(ACCOUNT)),
                            error == null ? null : error.getString("code"),
                            error == null || Boolean.TRUE.equals(error.getBoolean("retryable")));
                })
                .into(new ArrayList<>()));
    }

    /** Counts tasks, up to a limit. */
    long count(TaskFilter filter, int limit) {
        return call(tasks -> tasks.countDocuments(and(conditions(filter)), new CountOptions().limit(limit)));
    }

    /** How many tasks of a state there are in a period. Periods are numbered from 0. */
    record Bucket(int number, TaskStatus status, long count) {}

    /**
     * Counts tasks per period, by the time of their creation or completion.
     *
     * @param filter which tasks; its times are ignored
     */
    List<Bucket> buckets(TaskFilter filter, boolean completed, Instant from, Instant to, Duration width) {
        String time = completed ? COMPLETED_AT : CREATED_AT;
        List<Bson> conditions = conditions(filter.userId(), filter.statuses(), filter.account(), filter.error());
        conditions.add(gte(time, Date.from(from)));
        conditions.add(lt(time, Date.from(to)));
        Document number = new Document(
                "$floor",
                new Document(
                        "$divide",
                        List.of(new Document("$subtract", List.of("$" + time, Date.from(from))), width.toMillis())));
        Document group = new Document(ID, new Document("number", number).append(STATUS, "$" + STATUS))
                .append("count", new Document("$sum", 1));
        return call(tasks -> tasks.aggregate(
                        List.of(new Document("$match", and(conditions)), new Document("$group", group)))
                .map(found -> {
                    Document key = found.get(ID, Document.class);
                    return new Bucket(
                            key.get("number", Number.class).intValue(),
                            TaskStatus.ofWireName(key.getString(STATUS)),
                            found.get("count", Number.class).longValue());
                })
                .into(new ArrayList<>()));
    }

    private static List<Bson> conditions(TaskFilter filter) {
        List<Bson> conditions = conditions(filter.userId(), filter.statuses(), filter.account(), filter.error());
        if (filter.from() != null) {
            conditions.add(gte(CREATED_AT, Date.from(filter.from())));
        }
        if (filter.to() != null) {
            conditions.add(lt(CREATED_AT, Date.from(filter.to())));
        }
        return conditions;
    }

    private static List<Bson> conditions(
            @Nullable String userId, Set<TaskStatus> statuses, @Nullable String account, @Nullable String error) {
        List<Bson> conditions = new ArrayList<>();
        if (userId != null) {
            conditions.add(eq(USER_ID, userId));
        }
        List<String> names = statuses.isEmpty() ? KNOWN : names(statuses.toArray(TaskStatus[]::new));
        conditions.add(names.size() == 1 ? eq(STATUS, names.get(0)) : in(STATUS, names));
        if (account != null) {
            conditions.add(
                    userId == null
                            ? in(USERNAME, account, account.toLowerCase(Locale.ROOT))
                            : eq(ACCOUNT, TwitterAccounts.id(userId, account)));
        }
        if (error != null) {
            conditions.add(eq(ERROR_CODE, error));
        }
        return conditions;
    }

    /** Finds a user's newest tasks. */
    List<Task> newest(String userId, int limit) {
        return read(eq(USER_ID, userId), Sorts.descending(CREATED_AT, ID), limit);
    }

    /** Finds a user's tasks that changed at this time or later, the last changed first. */
    List<Task> changedSince(String userId, Instant since, int limit) {
        return read(
                and(eq(USER_ID, userId), gte(UPDATED_AT, Date.from(since))), Sorts.descending(UPDATED_AT, ID), limit);
    }

    long count(TaskStatus status) {
        return call(tasks -> tasks.countDocuments(eq(STATUS, status.wireName())));
    }

    /** Returns when the oldest due task became due; empty if none is due. */
    Optional<Instant> oldestDue(Instant now) {
        return call(tasks -> Optional.ofNullable(tasks.find(and(lte(DUE_AT, Date.from(now)), in(STATUS, KNOWN)))
                        .sort(Sorts.ascending(DUE_AT))
                        .projection(new Document(DUE_AT, 1))
                        .first()))
                .map(task -> task.getDate(DUE_AT).toInstant());
    }

    // -- Every document

    /** Reads every open task with credentials. Has no time limit. */
    void readAllWithCredentials(Consumer<Task> reader) {
        run(tasks -> tasks.withTimeout(0, TimeUnit.MILLISECONDS)
                .find(and(exists(DUE_AT), exists(SECRETS)))
                .sort(Sorts.ascending(DUE_AT))
                .forEach(document -> readable(document).ifPresent(reader)));
    }

    /** Replaces a task's credentials if they are unchanged since they were read. */
    boolean reseal(Task task, SealedCredentials before, SealedCredentials after) {
        return call(tasks -> tasks.updateOne(
                                and(byKey(task.key()), eq(SECRETS, before.document())),
                                new Document("$set", new Document(SECRETS, after.document())))
                        .getModifiedCount()
                > 0);
    }

    /** Counts documents of the old service, up to a limit. They have no creation time. */
    long countOldDocuments(int limit) {
        return call(tasks -> tasks.countDocuments(OLD_DOCUMENT, new CountOptions().limit(limit)));
    }

    /** Reads every document of the old service. Has no time limit. */
    void readOldDocuments(Consumer<Document> reader) {
        run(tasks ->
                tasks.withTimeout(0, TimeUnit.MILLISECONDS).find(OLD_DOCUMENT).forEach(reader));
    }

    /** Replaces a document of the old service with a task. If this is interrupted, another call completes it. */
    void adopt(Document old, Task task) {
        run(tasks -> tasks.replaceOne(
                and(eq(ID, task.id()), eq(USER_ID, task.userId())),
                TaskDocument.write(task),
                new ReplaceOptions().upsert(true)));
        if (!task.id().equals(old.get(ID))) {
            run(tasks -> tasks.deleteOne(and(eq(ID, old.get(ID)), eq(USER_ID, old.get(USER_ID)), OLD_DOCUMENT)));
        }
    }

    // -- Building blocks

    private static UpdateOneModel<Document> claim(
            DueTask task, boolean ignoringDueTime, Lease lease, Instant dueAt, Instant now) {
        Bson filter = task.isTakeover()
                ? and(
                        byKey(task.key()),
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
        return and(byKey(task.key()), eq(ATTEMPT, task.attempt()), CLAIMABLE);
    }

    private static Bson unchanged(Task task) {
        Lease lease = task.lease();
        Bson state = and(byKey(task.key()), eq(STATUS, task.status().wireName()), eq(ATTEMPT, task.attempt()));
        return lease == null || lease.claim() == null ? state : and(state, eq(CLAIM, lease.claim()));
    }

    private static Bson byKey(TaskKey key) {
        return and(eq(ID, key.taskId()), eq(USER_ID, key.userId()));
    }

    private static Bson byKeys(Collection<TaskKey> keys) {
        Set<String> ids = new HashSet<>();
        Set<String> users = new HashSet<>();
        keys.forEach(key -> {
            ids.add(key.taskId());
            users.add(key.userId());
        });
        return and(in(ID, ids), in(USER_ID, users));
    }

    private List<TaskKey> keys(Bson filter, String sortedBy, int limit) {
        return call(tasks -> tasks.find(filter)
                .sort(Sorts.ascending(sortedBy))
                .limit(limit)
                .projection(new Document(USER_ID, 1))
                .map(TaskRepository::key)
                .into(new ArrayList<>()));
    }

    private static TaskKey key(Document document) {
        return new TaskKey(String.valueOf(document.get(ID)), String.valueOf(document.get(USER_ID)));
    }

    private List<Task> read(Bson filter) {
        return call(tasks -> tasks.find(filter).map(TaskRepository::readable).into(new ArrayList<>())).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private List<Task> read(Bson filter, Bson sort, int limit) {
        return call(tasks -> tasks.find(filter)
                        .sort(sort)
                        .limit(limit)
                        .map(TaskRepository::readable)
                        .into(new ArrayList<>()))
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** One unreadable document must not make the others unavailable. */
    private static Optional<Task> readable(Document document) {
        try {
            return Optional.of(TaskDocument.read(document));
        } catch (UnreadableTaskException e) {
            log.debug("{}", e.getMessage());
            return Optional.empty();
        }
    }

    /** The result of a bulk write: how many updates matched, and the indexes of those that the unique index refused. */
    private record BulkResult(int matched, List<Integer> duplicates) {}

    private BulkResult bulk(List<UpdateOneModel<Document>> writes) {
        if (writes.isEmpty()) {
            return new BulkResult(0, List.of());
        }
        return call(tasks -> {
            try {
                return new BulkResult(tasks.bulkWrite(writes, UNORDERED).getMatchedCount(), List.of());
            } catch (MongoBulkWriteException e) {
                if (e.getWriteConcernError() != null || e.getWriteErrors().isEmpty()) {
                    throw e;
                }
                e.getWriteErrors().stream()
                        .filter(error -> error.getCode() != DUPLICATE_KEY)
                        .forEach(error -> log.error("A write of a task was refused: {}", error.getMessage()));
                List<Integer> duplicates = e.getWriteErrors().stream()
                        .filter(error -> error.getCode() == DUPLICATE_KEY)
                        .map(BulkWriteError::getIndex)
                        .toList();
                return new BulkResult(e.getWriteResult().getMatchedCount(), duplicates);
            }
        });
    }

    private <T> T call(Function<MongoCollection<Document>, T> action) {
        return Objects.requireNonNull(mongo.execute(COLLECTION, action::apply));
    }

    private void run(Consumer<MongoCollection<Document>> action) {
        mongo.execute(COLLECTION, tasks -> {
            action.accept(tasks);
            return true;
        });
    }

    private static List<String> names(TaskStatus... states) {
        return Arrays.stream(states).map(TaskStatus::wireName).toList();
    }

    private static @Nullable Date date(@Nullable Instant time) {
        return time == null ? null : Date.from(time);
    }
}
