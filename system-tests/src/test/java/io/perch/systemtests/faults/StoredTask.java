package io.perch.systemtests.faults;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * A task as stored in the database.
 *
 * @param attempt how often it was claimed
 */
record StoredTask(
        String id, String user, String account, String username, String status, int attempt, List<Step> history) {

    static final Set<String> FINAL = Set.of("success", "failure", "cancelled");

    /** A task of a newer version, with a status that these instances do not support. */
    private static final Document NEWER = new Document("v", 3).append("status", "suspended");

    private static final Document OURS = new Document("v", new Document("$ne", 3));

    /** One entry of the history. */
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

    /** The number of tasks in a final state. */
    static long countFinal(MongoDatabase database) {
        return tasks(database).countDocuments(new Document("status", new Document("$in", List.copyOf(FINAL))));
    }

    static long count(MongoDatabase database) {
        return tasks(database).countDocuments(OURS);
    }

    /** Stores due tasks as a newer version would. */
    static List<Document> insertNewer(MongoDatabase database, int count) {
        var newer = IntStream.range(0, count)
                .mapToObj(i -> new Document("_id", "newer-" + i)
                        .append("user_id", "user-" + i % 20)
                        .append("twitter_user_id", "newer-account-" + i)
                        .append("username", "newer_" + i)
                        .append("attempt", 0)
                        .append("due_at", Date.from(Instant.now().minusSeconds(60)))
                        .append("created_at", Date.from(Instant.now()))
                        .append("updated_at", Date.from(Instant.now()))
                        .append("history", List.of(new Document("state", "suspended"))))
                .peek(task -> task.putAll(NEWER))
                .toList();
        tasks(database).insertMany(newer);
        return newer;
    }

    /** As a set, because the order is undefined. */
    static Set<Document> newer(MongoDatabase database) {
        return tasks(database).find(NEWER).into(new HashSet<>());
    }

    static List<StoredTask> all(MongoDatabase database) {
        return tasks(database).find(OURS).map(StoredTask::of).into(new ArrayList<>());
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
