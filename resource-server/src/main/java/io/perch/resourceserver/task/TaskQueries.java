package io.perch.resourceserver.task;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;
import static io.perch.resourceserver.task.TaskCollection.KNOWN;
import static io.perch.resourceserver.task.TaskCollection.names;
import static io.perch.resourceserver.task.TaskDocument.ACCOUNT;
import static io.perch.resourceserver.task.TaskDocument.COMPLETED_AT;
import static io.perch.resourceserver.task.TaskDocument.CREATED_AT;
import static io.perch.resourceserver.task.TaskDocument.DUE_AT;
import static io.perch.resourceserver.task.TaskDocument.ERROR;
import static io.perch.resourceserver.task.TaskDocument.ERROR_CODE;
import static io.perch.resourceserver.task.TaskDocument.ID;
import static io.perch.resourceserver.task.TaskDocument.STATUS;
import static io.perch.resourceserver.task.TaskDocument.UPDATED_AT;
import static io.perch.resourceserver.task.TaskDocument.USERNAME;
import static io.perch.resourceserver.task.TaskDocument.USER_ID;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.Sorts;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.web.PageCursor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.KeysetScrollPosition;
import org.springframework.data.domain.Window;
import org.springframework.stereotype.Component;

/** Lists and counts tasks for users, moderators and metrics. Changes nothing. */
@Component
class TaskQueries {

    private final TaskCollection collection;

    TaskQueries(TaskCollection collection) {
        this.collection = collection;
    }

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
        List<Document> found = collection.call(tasks -> tasks.find(and(conditions))
                .sort(Sorts.descending(CREATED_AT, ID))
                .limit(limit + 1)
                .into(new ArrayList<>()));
        boolean more = found.size() > limit;
        List<Task> page = (more ? found.subList(0, limit) : found)
                .stream()
                        .map(TaskCollection::readable)
                        .flatMap(Optional::stream)
                        .toList();
        return Window.from(page, index -> PageCursor.position(null), more);
    }

    /** Finds a user's newest tasks. */
    List<Task> newest(String userId, int limit) {
        return collection.read(tasks -> tasks.find(eq(USER_ID, userId))
                .sort(Sorts.descending(CREATED_AT, ID))
                .limit(limit));
    }

    /** Finds a user's tasks whose last change is after this position, in the order of their last change. */
    ChangedTasks changedAfter(String userId, ChangePosition position, int limit) {
        Date time = Date.from(position.updatedAt());
        Bson after =
                and(eq(USER_ID, userId), gte(UPDATED_AT, time), or(gt(UPDATED_AT, time), gt(ID, position.taskId())));
        List<Document> found = collection.call(tasks -> tasks.find(after)
                .sort(Sorts.ascending(UPDATED_AT, ID))
                .limit(limit)
                .into(new ArrayList<>()));
        List<TaskSnapshot> readable = found.stream()
                .map(TaskCollection::readable)
                .flatMap(Optional::stream)
                .map(TaskSnapshot::of)
                .toList();
        return new ChangedTasks(readable, found.size() < limit ? null : position(found.get(found.size() - 1)));
    }

    private static ChangePosition position(Document task) {
        return new ChangePosition(task.getDate(UPDATED_AT).toInstant(), String.valueOf(task.get(ID)));
    }

    /** The fields of a task that a count needs. */
    record Outline(String account, @Nullable String error, boolean retryable) {}

    /** Reads these fields of the newest tasks. */
    List<Outline> outlines(TaskFilter filter, int limit) {
        return collection.call(tasks -> tasks.find(and(conditions(filter)))
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
        return collection.call(tasks -> tasks.countDocuments(and(conditions(filter)), new CountOptions().limit(limit)));
    }

    long count(TaskStatus status) {
        return collection.call(tasks -> tasks.countDocuments(eq(STATUS, status.wireName())));
    }

    /** Counts the tasks of a state, up to a limit. */
    long count(TaskStatus status, int limit) {
        return collection.call(
                tasks -> tasks.countDocuments(eq(STATUS, status.wireName()), new CountOptions().limit(limit)));
    }

    /** Estimates the number of all tasks, without reading them. */
    long estimatedTotal() {
        return collection.call(MongoCollection::estimatedDocumentCount);
    }

    /** Returns when the oldest due task became due; empty if none is due. */
    Optional<Instant> oldestDue(Instant now) {
        return collection
                .call(tasks -> Optional.ofNullable(tasks.find(and(lte(DUE_AT, Date.from(now)), in(STATUS, KNOWN)))
                        .sort(Sorts.ascending(DUE_AT))
                        .projection(new Document(DUE_AT, 1))
                        .first()))
                .map(task -> task.getDate(DUE_AT).toInstant());
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
        return collection.call(tasks -> tasks.aggregate(
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
}
