package io.perch.resourceserver.task;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static io.perch.resourceserver.task.TaskDocument.ATTEMPT;
import static io.perch.resourceserver.task.TaskDocument.CLAIM;
import static io.perch.resourceserver.task.TaskDocument.COMPLETED_AT;
import static io.perch.resourceserver.task.TaskDocument.CREATED_AT;
import static io.perch.resourceserver.task.TaskDocument.DUE_AT;
import static io.perch.resourceserver.task.TaskDocument.ERROR_CODE;
import static io.perch.resourceserver.task.TaskDocument.FORGET_AT;
import static io.perch.resourceserver.task.TaskDocument.ID;
import static io.perch.resourceserver.task.TaskDocument.SLOT;
import static io.perch.resourceserver.task.TaskDocument.STATUS;
import static io.perch.resourceserver.task.TaskDocument.UPDATED_AT;
import static io.perch.resourceserver.task.TaskDocument.USERNAME;
import static io.perch.resourceserver.task.TaskDocument.USER_ID;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.UpdateOneModel;
import io.perch.resourceserver.mongo.DeclaredIndex;
import io.perch.resourceserver.mongo.IndexedCollection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.stereotype.Component;

/**
 * The collection {@code task_statuses}: its indexes, access to it, and the conditions that several of its queries use. The
 * queries are in the repositories of this package. Every command that changes a task has {@code user_id}, which is the shard key,
 * and {@code _id}. Every command may be repeated if its reply was lost.
 */
@Component
class TaskCollection implements IndexedCollection {

    static final String NAME = "task_statuses";

    /** The states that this version has. A newer version may have more. */
    static final List<String> KNOWN = names(TaskStatus.values());

    static final List<String> OPEN = names(Arrays.stream(TaskStatus.values())
            .filter(status -> !status.isFinal())
            .toArray(TaskStatus[]::new));
    static final List<String> FINAL =
            names(Arrays.stream(TaskStatus.values()).filter(TaskStatus::isFinal).toArray(TaskStatus[]::new));

    private static final Logger log = LoggerFactory.getLogger(TaskCollection.class);
    private static final int DUPLICATE_KEY = 11000;
    private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);

    private final MongoOperations mongo;

    TaskCollection(MongoOperations mongo) {
        this.mongo = mongo;
    }

    @Override
    public String collection() {
        return NAME;
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

    // -- Access

    <T> T call(Function<MongoCollection<Document>, T> action) {
        return Objects.requireNonNull(mongo.execute(NAME, action::apply));
    }

    void run(Consumer<MongoCollection<Document>> action) {
        mongo.execute(NAME, tasks -> {
            action.accept(tasks);
            return true;
        });
    }

    /** Reads tasks. Unreadable ones are left out. */
    List<Task> read(Function<MongoCollection<Document>, FindIterable<Document>> query) {
        return call(tasks -> query.apply(tasks).map(TaskCollection::readable).into(new ArrayList<>())).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Reads only the keys of tasks. */
    List<TaskKey> keys(Function<MongoCollection<Document>, FindIterable<Document>> query) {
        return call(tasks -> query.apply(tasks)
                .projection(new Document(USER_ID, 1))
                .map(TaskCollection::key)
                .into(new ArrayList<>()));
    }

    /** The result of a bulk write: how many updates matched, and the indexes of those that the unique index refused. */
    record BulkResult(int matched, List<Integer> duplicates) {}

    /** Executes updates in no order. One that is refused does not prevent the others. */
    BulkResult bulk(List<UpdateOneModel<Document>> writes) {
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

    /** Executes the same update for each of these tasks. */
    BulkResult bulk(List<TaskKey> keys, Document update) {
        return bulk(keys.stream()
                .map(key -> new UpdateOneModel<Document>(byKey(key), update))
                .toList());
    }

    // -- Conditions and values

    static Bson byKey(TaskKey key) {
        return and(eq(ID, key.taskId()), eq(USER_ID, key.userId()));
    }

    static Bson byKeys(Collection<TaskKey> keys) {
        Set<String> ids = new HashSet<>();
        Set<String> users = new HashSet<>();
        keys.forEach(key -> {
            ids.add(key.taskId());
            users.add(key.userId());
        });
        return and(in(ID, ids), in(USER_ID, users));
    }

    /** Whether a task's state, attempt and claim are unchanged since it was read. */
    static Bson unchanged(Task task) {
        Lease lease = task.lease();
        Bson state = and(byKey(task.key()), eq(STATUS, task.status().wireName()), eq(ATTEMPT, task.attempt()));
        return lease == null || lease.claim() == null ? state : and(state, eq(CLAIM, lease.claim()));
    }

    static List<String> names(TaskStatus... states) {
        return Arrays.stream(states).map(TaskStatus::wireName).toList();
    }

    static @Nullable Date date(@Nullable Instant time) {
        return time == null ? null : Date.from(time);
    }

    /** One unreadable document must not make the others unavailable. */
    static Optional<Task> readable(Document document) {
        try {
            return Optional.of(TaskDocument.read(document));
        } catch (UnreadableTaskException e) {
            log.debug("{}", e.getMessage());
            return Optional.empty();
        }
    }

    static TaskKey key(Document document) {
        return new TaskKey(String.valueOf(document.get(ID)), String.valueOf(document.get(USER_ID)));
    }
}
