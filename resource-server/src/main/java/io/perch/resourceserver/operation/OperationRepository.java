package io.perch.resourceserver.operation;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Sorts;
import io.perch.resourceserver.acts.Act;
import io.perch.resourceserver.mongo.DeclaredIndex;
import io.perch.resourceserver.mongo.IndexedCollection;
import io.perch.resourceserver.operation.TaskOperation.Action;
import io.perch.resourceserver.operation.TaskOperation.Refused;
import io.perch.resourceserver.operation.TaskOperation.State;
import io.perch.resourceserver.task.TaskFilter;
import io.perch.resourceserver.task.TaskStatus;
import io.perch.resourceserver.web.PageCursor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.KeysetScrollPosition;
import org.springframework.data.domain.Window;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.stereotype.Component;

/** All queries and indexes of the collection {@code task_operations}. */
@Component
class OperationRepository implements IndexedCollection {

    private static final String COLLECTION = "task_operations";
    private static final String ID = "_id";
    private static final String STATE = "state";
    private static final String STEP = "step";
    private static final String NEXT_AT = "next_at";
    private static final String STARTED_AT = "started_at";
    private static final String ENDED_AT = "ended_at";
    private static final FindOneAndUpdateOptions MOST_OVERDUE =
            new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER).sort(Sorts.ascending(NEXT_AT));

    private final MongoOperations mongo;

    OperationRepository(MongoOperations mongo) {
        this.mongo = mongo;
    }

    @Override
    public String collection() {
        return COLLECTION;
    }

    @Override
    public List<DeclaredIndex> indexes() {
        return List.of(
                DeclaredIndex.sparse("next", NEXT_AT),
                DeclaredIndex.sparse("ended", ENDED_AT),
                DeclaredIndex.of("newest_first", "-" + STARTED_AT, "-" + ID));
    }

    void insert(TaskOperation operation, Instant nextAt) {
        Document document = write(operation).append(NEXT_AT, Date.from(nextAt));
        mongo.execute(COLLECTION, operations -> operations.insertOne(document));
    }

    Optional<TaskOperation> find(String id) {
        return call(operations ->
                        Optional.ofNullable(operations.find(eq(ID, id)).first()))
                .map(OperationRepository::read);
    }

    /** Reads a page, newest first. */
    Window<TaskOperation> list(@Nullable String after, int limit) {
        KeysetScrollPosition position = PageCursor.position(after);
        Bson condition = new Document();
        if (!position.getKeys().isEmpty()) {
            Date startedAt = Date.from((Instant) position.getKeys().get("createdAt"));
            condition = or(
                    lt(STARTED_AT, startedAt),
                    and(
                            eq(STARTED_AT, startedAt),
                            lt(ID, String.valueOf(position.getKeys().get("id")))));
        }
        Bson finalCondition = condition;
        List<TaskOperation> found = call(operations -> operations
                .find(finalCondition)
                .sort(Sorts.descending(STARTED_AT, ID))
                .limit(limit + 1)
                .map(OperationRepository::read)
                .into(new ArrayList<>()));
        boolean more = found.size() > limit;
        return Window.from(more ? found.subList(0, limit) : found, index -> PageCursor.position(null), more);
    }

    /** Counts the running operations, up to a limit. */
    long running(int limit) {
        return call(operations -> (long) operations
                .find(exists(NEXT_AT))
                .sort(Sorts.ascending(NEXT_AT))
                .limit(limit)
                .projection(new Document(ID, 1))
                .into(new ArrayList<>())
                .size());
    }

    /** Claims the operation that is most overdue. No other instance gets it until the given time. */
    Optional<TaskOperation> claim(Instant now, Instant until) {
        return call(operations -> Optional.ofNullable(operations.findOneAndUpdate(
                        lte(NEXT_AT, Date.from(now)),
                        new Document("$set", new Document(NEXT_AT, Date.from(until))),
                        MOST_OVERDUE)))
                .map(OperationRepository::read);
    }

    /**
     * Saves the progress of an operation, unless another instance saved it in the meantime or the operation was stopped.
     *
     * @param nextAt the time of the next step; null if it has ended
     * @return whether it was saved
     */
    boolean saveProgress(TaskOperation before, TaskOperation after, @Nullable Instant nextAt) {
        Document set = new Document(STATE, name(after.state()))
                .append("done", after.done())
                .append("refused", refused(after))
                .append(STEP, before.step() + 1);
        Document unset = new Document();
        put(set, unset, "after", after.after());
        put(set, unset, NEXT_AT, nextAt == null ? null : Date.from(nextAt));
        put(set, unset, ENDED_AT, after.endedAt() == null ? null : Date.from(after.endedAt()));
        Document update = new Document("$set", set);
        if (!unset.isEmpty()) {
            update.append("$unset", unset);
        }
        return call(operations -> operations
                        .updateOne(
                                and(eq(ID, before.id()), eq(STATE, name(State.RUNNING)), eq(STEP, before.step())),
                                update)
                        .getMatchedCount()
                > 0);
    }

    /** Stops an operation, unless it has ended. May be repeated. */
    void stop(String id, Instant at) {
        Document update = new Document("$set", new Document(STATE, name(State.STOPPED)).append(ENDED_AT, Date.from(at)))
                .append("$unset", new Document(NEXT_AT, ""));
        mongo.execute(
                COLLECTION,
                operations -> operations.updateOne(and(eq(ID, id), eq(STATE, name(State.RUNNING))), update));
    }

    /** Deletes operations that ended before a time. */
    void removeEnded(Instant before) {
        mongo.execute(COLLECTION, operations -> operations.deleteMany(lt(ENDED_AT, Date.from(before))));
    }

    private static Document write(TaskOperation operation) {
        TaskFilter filter = operation.filter();
        Document storedFilter = new Document(
                "status",
                filter.statuses().stream().map(TaskStatus::wireName).sorted().toList());
        Document unset = new Document();
        put(storedFilter, unset, "user_id", filter.userId());
        put(storedFilter, unset, "account", filter.account());
        put(storedFilter, unset, "error", filter.error());
        put(storedFilter, unset, "from", filter.from() == null ? null : Date.from(filter.from()));
        put(storedFilter, unset, "to", filter.to() == null ? null : Date.from(filter.to()));
        return new Document(ID, operation.id())
                .append("action", name(operation.action()))
                .append("filter", storedFilter)
                .append("retryable_only", operation.retryableOnly())
                .append("order", operation.order().document())
                .append(STATE, name(operation.state()))
                .append("matched", operation.matched())
                .append("done", operation.done())
                .append("refused", refused(operation))
                .append(STEP, operation.step())
                .append(STARTED_AT, Date.from(operation.startedAt()));
    }

    private static TaskOperation read(Document document) {
        Document storedFilter = document.get("filter", Document.class);
        Set<TaskStatus> statuses = EnumSet.noneOf(TaskStatus.class);
        storedFilter.getList("status", String.class).forEach(name -> statuses.add(TaskStatus.ofWireName(name)));
        return new TaskOperation(
                document.getString(ID),
                Action.valueOf(document.getString("action").toUpperCase(Locale.ROOT)),
                new TaskFilter(
                        storedFilter.getString("user_id"),
                        statuses,
                        storedFilter.getString("account"),
                        storedFilter.getString("error"),
                        time(storedFilter, "from"),
                        time(storedFilter, "to")),
                document.getBoolean("retryable_only", false),
                Act.read(List.of(document.get("order", Document.class))).get(0),
                State.valueOf(document.getString(STATE).toUpperCase(Locale.ROOT)),
                document.get("matched", Number.class).longValue(),
                document.get("done", Number.class).longValue(),
                document.getList("refused", Document.class).stream()
                        .map(refused -> new Refused(
                                refused.getString("code"),
                                refused.get("count", Number.class).longValue(),
                                refused.getString("task_id")))
                        .toList(),
                document.getString("after"),
                document.getInteger(STEP, 0),
                Objects.requireNonNull(time(document, STARTED_AT)),
                time(document, ENDED_AT));
    }

    private static List<Document> refused(TaskOperation operation) {
        return operation.refused().stream()
                .map(refused -> new Document("code", refused.code())
                        .append("count", refused.count())
                        .append("task_id", refused.taskId()))
                .toList();
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static void put(Document set, Document unset, String name, @Nullable Object value) {
        if (value == null) {
            unset.append(name, "");
        } else {
            set.append(name, value);
        }
    }

    private static @Nullable Instant time(Document document, String name) {
        Date time = document.getDate(name);
        return time == null ? null : time.toInstant();
    }

    private <T> T call(Function<MongoCollection<Document>, T> action) {
        return Objects.requireNonNull(mongo.execute(COLLECTION, action::apply));
    }
}
