package io.perch.resourceserver.task;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;
import static io.perch.resourceserver.task.TaskCollection.OPEN;
import static io.perch.resourceserver.task.TaskDocument.ACCOUNT;
import static io.perch.resourceserver.task.TaskDocument.ACTS;
import static io.perch.resourceserver.task.TaskDocument.CREATED_AT;
import static io.perch.resourceserver.task.TaskDocument.FINGERPRINT;
import static io.perch.resourceserver.task.TaskDocument.ID;
import static io.perch.resourceserver.task.TaskDocument.SECRETS;
import static io.perch.resourceserver.task.TaskDocument.STATUS;
import static io.perch.resourceserver.task.TaskDocument.USER_ID;

import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import io.perch.resourceserver.acts.Act;
import io.perch.resourceserver.acts.ActLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Finds and removes the stored data of one user's tasks, for when the user or an account of the user is deleted. A user may have
 * very many tasks, so every command is limited.
 */
@Component
class UserTaskRepository {

    /** The largest number of tasks that one command reads or deletes. */
    static final int BATCH = 1_000;

    private static final Logger log = LoggerFactory.getLogger(UserTaskRepository.class);

    private final TaskCollection collection;

    UserTaskRepository(TaskCollection collection) {
        this.collection = collection;
    }

    /** Finds a user's open tasks with credentials, which may be stored nowhere else. */
    List<Task> withCredentials(String userId) {
        List<Task> found = new ArrayList<>();
        Bson open = and(eq(USER_ID, userId), in(STATUS, OPEN), exists(SECRETS));
        forEachPage(open, null, page -> readable(page).forEach(found::add));
        return found;
    }

    /** Reads a user's open tasks that were created before a time, or, if it is null, all. */
    void forEachOpen(String userId, @Nullable Instant before, Consumer<Task> action) {
        Bson open = and(ofUser(userId, before), in(STATUS, OPEN));
        forEachPage(open, null, page -> readable(page).forEach(action));
    }

    /** Reads a user's open tasks of an account. */
    void forEachOpen(String userId, String account, Consumer<Task> action) {
        Bson open = and(eq(USER_ID, userId), in(STATUS, OPEN), eq(ACCOUNT, account));
        forEachPage(open, null, page -> readable(page).forEach(action));
    }

    /** Removes the fingerprints of a user's requests for an account that were accepted since a time. */
    void removeFingerprints(String userId, String account, Instant since) {
        Bson stored =
                and(eq(USER_ID, userId), gte(CREATED_AT, Date.from(since)), eq(ACCOUNT, account), exists(FINGERPRINT));
        forEachPage(
                stored,
                Projections.include(USER_ID, CREATED_AT),
                page -> collection.bulk(
                        page.stream().map(TaskCollection::key).toList(), TaskUpdate.withoutFingerprint()));
    }

    long countOf(String userId) {
        return collection.call(tasks -> tasks.countDocuments(eq(USER_ID, userId)));
    }

    /**
     * A task of any version, and its acts that are not in the audit log yet.
     *
     * @param id the ID as it is stored
     */
    record StoredActs(Object id, List<ActLog.Entry> entries) {}

    /** Finds some of a user's tasks, in no order; if there are fewer than {@link #BATCH}, these are all. */
    List<StoredActs> some(String userId, @Nullable Instant before) {
        return collection.call(tasks -> tasks.find(ofUser(userId, before))
                .limit(BATCH)
                .projection(Projections.include(USER_ID, ACCOUNT, ACTS))
                .map(UserTaskRepository::acts)
                .into(new ArrayList<>()));
    }

    /** Deletes these tasks of a user. */
    void removeAll(String userId, @Nullable Instant before, List<StoredActs> found) {
        List<Object> ids = found.stream().map(StoredActs::id).toList();
        collection.run(tasks -> tasks.deleteMany(and(in(ID, ids), ofUser(userId, before))));
    }

    private static StoredActs acts(Document task) {
        Object id = Objects.requireNonNull(task.get(ID));
        try {
            return new StoredActs(
                    id,
                    Act.read(task.getList(ACTS, Document.class)).stream()
                            .map(act -> new ActLog.Entry(
                                    act, task.getString(USER_ID), String.valueOf(id), task.getString(ACCOUNT)))
                            .toList());
        } catch (ClassCastException | NullPointerException e) {
            log.warn("The acts of the document {} are not readable and are not copied to the audit log", id, e);
            return new StoredActs(id, List.of());
        }
    }

    private static Stream<Task> readable(List<Document> page) {
        return page.stream().map(TaskCollection::readable).flatMap(Optional::stream);
    }

    /** Reads tasks in pages, the newest first, because a user may have more than one command can read in time. */
    private void forEachPage(Bson filter, @Nullable Bson projection, Consumer<List<Document>> action) {
        Bson rest = filter;
        List<Document> page;
        do {
            Bson condition = rest;
            page = collection.call(tasks -> tasks.find(condition)
                    .sort(Sorts.descending(CREATED_AT, ID))
                    .limit(BATCH)
                    .projection(projection)
                    .into(new ArrayList<>()));
            action.accept(page);
            if (page.size() == BATCH) {
                Document last = page.get(BATCH - 1);
                Date at = last.getDate(CREATED_AT);
                rest = and(filter, lte(CREATED_AT, at), or(lt(CREATED_AT, at), lt(ID, last.get(ID))));
            }
        } while (page.size() == BATCH);
    }

    private static Bson ofUser(String userId, @Nullable Instant before) {
        Bson all = eq(USER_ID, userId);
        return before == null ? all : and(all, lt(CREATED_AT, Date.from(before)));
    }
}
