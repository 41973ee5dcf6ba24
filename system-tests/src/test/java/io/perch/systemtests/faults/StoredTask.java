package io.perch.systemtests.faults;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * A task as the database has it.
 *
 * @param attempt how often it was claimed
 */
record StoredTask(
        String id, String user, String account, String username, String status, int attempt, List<Step> history) {

    static final Set<String> FINAL = Set.of("success", "failure", "cancelled");

    /** One entry of its history. */
    record Step(
            String status,
            Instant at,
            int attempt,
            @Nullable String detail) {

        boolean isFinal() {
            return FINAL.contains(status);
        }

        private static Step of(Document step) {
            return new Step(
                    step.getString("status"),
                    step.getDate("at").toInstant(),
                    step.getInteger("attempt"),
                    step.getString("detail"));
        }
    }

    /** How many tasks are in a final state. */
    static long countFinal(MongoDatabase database) {
        return tasks(database).countDocuments(new Document("status", new Document("$in", List.copyOf(FINAL))));
    }

    static long count(MongoDatabase database) {
        return tasks(database).countDocuments();
    }

    static List<StoredTask> all(MongoDatabase database) {
        return tasks(database).find().map(StoredTask::of).into(new ArrayList<>());
    }

    boolean isFinal() {
        return FINAL.contains(status);
    }

    private static MongoCollection<Document> tasks(MongoDatabase database) {
        return database.getCollection("task_statuses");
    }

    private static StoredTask of(Document task) {
        return new StoredTask(
                String.valueOf(task.get("_id")),
                task.getString("user_id"),
                task.getString("twitter_user_id"),
                task.getString("username"),
                task.getString("status"),
                task.getInteger("attempt"),
                task.getList("history", Document.class).stream().map(Step::of).toList());
    }
}
