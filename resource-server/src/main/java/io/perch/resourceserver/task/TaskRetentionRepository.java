package io.perch.resourceserver.task;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;
import static io.perch.resourceserver.task.TaskCollection.FINAL;
import static io.perch.resourceserver.task.TaskCollection.byKeys;
import static io.perch.resourceserver.task.TaskDocument.ACTS;
import static io.perch.resourceserver.task.TaskDocument.COMPLETED_AT;
import static io.perch.resourceserver.task.TaskDocument.FORGET_AT;
import static io.perch.resourceserver.task.TaskDocument.KEEP_UNTIL;
import static io.perch.resourceserver.task.TaskDocument.SLOT;
import static io.perch.resourceserver.task.TaskDocument.STATUS;

import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.springframework.stereotype.Component;

/** Removes tasks and fingerprints whose retention time is over, and keeps the tasks that an idempotency key still needs. */
@Component
class TaskRetentionRepository {

    private final TaskCollection collection;

    TaskRetentionRepository(TaskCollection collection) {
        this.collection = collection;
    }

    /**
     * Marks the tasks of earlier uses of an idempotency key, so that they are not removed.
     *
     * @return how many of them exist
     */
    int keep(List<TaskKey> uses, Instant until) {
        return collection
                .bulk(uses, new Document("$max", new Document(KEEP_UNTIL, Date.from(until))))
                .matched();
    }

    /**
     * Deletes final tasks that completed before a time and have nothing left to do; returns how many were found, at most {@code
     * limit}.
     */
    int removeCompleted(Instant before, Instant now, int limit) {
        Bson old = and(
                lt(COMPLETED_AT, Date.from(before)),
                exists(SLOT, false),
                exists(ACTS + ".0", false),
                or(exists(KEEP_UNTIL, false), lt(KEEP_UNTIL, Date.from(now))));
        List<TaskKey> keys = oldest(old, COMPLETED_AT, limit);
        if (!keys.isEmpty()) {
            collection.run(tasks -> tasks.deleteMany(and(byKeys(keys), in(STATUS, FINAL))));
        }
        return keys.size();
    }

    /** Removes fingerprints that are due for removal; returns how many, at most {@code limit}. */
    int removeExpiredFingerprints(Instant now, int limit) {
        List<TaskKey> old = oldest(lte(FORGET_AT, Date.from(now)), FORGET_AT, limit);
        collection.bulk(old, TaskUpdate.withoutFingerprint());
        return old.size();
    }

    private List<TaskKey> oldest(Bson filter, String sortedBy, int limit) {
        return collection.keys(
                tasks -> tasks.find(filter).sort(Sorts.ascending(sortedBy)).limit(limit));
    }
}
