package io.perch.resourceserver.task;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Converts the documents of the old service, which used the same collection. An old document has an ID, a state and an owner, but
 * no data to run a login with. So it becomes a final task that its owner can read.
 */
@Component
class OldTaskAdoption {

    private static final String UNKNOWN = "unknown";
    private static final TaskError NOT_FINISHED =
            new TaskError("not_finished", "The old service was replaced before the login ended", true);

    /** How many documents became tasks, and how many were left because their owner is unknown. */
    record Counts(long adopted, long left) {}

    private final TaskMigrationRepository tasks;

    OldTaskAdoption(TaskMigrationRepository tasks) {
        this.tasks = tasks;
    }

    /**
     * Converts all documents. It may be interrupted and run again, and servers may run at the same time.
     *
     * @param owners Keycloak user IDs by the old service's user IDs
     */
    Counts run(Map<String, String> owners) {
        long[] counts = new long[2];
        tasks.readOldDocuments(document -> {
            String owner = owner(document, owners);
            if (owner == null) {
                counts[1]++;
            } else {
                tasks.adopt(document, adopted(document, owner));
                counts[0]++;
            }
        });
        return new Counts(counts[0], counts[1]);
    }

    /** A document whose owner is already a Keycloak user ID keeps that owner. */
    private static @Nullable String owner(Document document, Map<String, String> owners) {
        String old = String.valueOf(document.get(TaskDocument.USER_ID));
        String owner = owners.get(old);
        return owner == null && isUuid(old) ? old : owner;
    }

    private static Task adopted(Document document, String owner) {
        Object key = document.get(TaskDocument.ID);
        String id = document.get("task_id") instanceof String given ? given : String.valueOf(key);
        Instant made = key instanceof ObjectId objectId
                ? objectId.getDate().toInstant()
                : Instant.ofEpochMilli(System.currentTimeMillis());
        TaskStatus status = status(String.valueOf(document.get(TaskDocument.STATUS)));
        return new Task(
                id,
                owner,
                UNKNOWN,
                UNKNOWN,
                status,
                1,
                1,
                null,
                null,
                null,
                status == TaskStatus.FAILURE ? NOT_FINISHED : null,
                null,
                null,
                null,
                List.of(),
                0,
                made,
                made,
                made,
                List.of(
                        new TaskTransition(TaskStatus.PENDING, made, 0, null),
                        new TaskTransition(TaskStatus.RUNNING, made, 1, null),
                        new TaskTransition(status, made, 1, "adopted")));
    }

    private static TaskStatus status(String old) {
        return old.equals(TaskStatus.SUCCESS.wireName()) ? TaskStatus.SUCCESS : TaskStatus.FAILURE;
    }

    private static boolean isUuid(String text) {
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
