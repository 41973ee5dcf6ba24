package io.perch.resourceserver.task;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static io.perch.resourceserver.task.TaskCollection.OPEN;
import static io.perch.resourceserver.task.TaskDocument.ACCOUNT;
import static io.perch.resourceserver.task.TaskDocument.ACTS;
import static io.perch.resourceserver.task.TaskDocument.CREATED_AT;
import static io.perch.resourceserver.task.TaskDocument.FINGERPRINT;
import static io.perch.resourceserver.task.TaskDocument.SECRETS;
import static io.perch.resourceserver.task.TaskDocument.STATUS;
import static io.perch.resourceserver.task.TaskDocument.USER_ID;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds and removes the stored data of one user's tasks, for when the user or an account of the user is deleted. */
@Component
class UserTaskRepository {

    private final TaskCollection collection;

    UserTaskRepository(TaskCollection collection) {
        this.collection = collection;
    }

    /** Finds a user's open tasks with credentials, which may be stored nowhere else. */
    List<Task> withCredentials(String userId) {
        return collection.read(tasks -> tasks.find(and(eq(USER_ID, userId), in(STATUS, OPEN), exists(SECRETS))));
    }

    /** Finds a user's open tasks, of one account or, if it is null, of all. */
    List<Task> open(String userId, @Nullable String account) {
        Bson open = and(eq(USER_ID, userId), in(STATUS, OPEN));
        return collection.read(tasks -> tasks.find(account == null ? open : and(open, eq(ACCOUNT, account))));
    }

    /** Finds a user's tasks with acts that are not in the audit log yet. */
    List<Task> withActs(String userId, @Nullable Instant before) {
        return collection.read(tasks -> tasks.find(and(ofUser(userId, before), exists(ACTS + ".0"))));
    }

    /** Removes the fingerprints of a user's requests for an account. */
    void removeFingerprints(String userId, String account) {
        List<TaskKey> keys = collection.keys(
                tasks -> tasks.find(and(eq(USER_ID, userId), eq(ACCOUNT, account), exists(FINGERPRINT))));
        collection.bulk(keys, TaskUpdate.withoutFingerprint());
    }

    long countOf(String userId) {
        return collection.call(tasks -> tasks.countDocuments(eq(USER_ID, userId)));
    }

    void removeAllOf(String userId, @Nullable Instant before) {
        collection.run(tasks -> tasks.deleteMany(ofUser(userId, before)));
    }

    private static Bson ofUser(String userId, @Nullable Instant before) {
        Bson all = eq(USER_ID, userId);
        return before == null ? all : and(all, lt(CREATED_AT, Date.from(before)));
    }
}
