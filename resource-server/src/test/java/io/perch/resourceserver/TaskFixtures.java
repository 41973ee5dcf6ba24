package io.perch.resourceserver;

import io.perch.resourceserver.task.Task;
import io.perch.resourceserver.task.TaskChanged;
import io.perch.resourceserver.task.TaskStatus;
import io.perch.resourceserver.task.TaskTransition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.Document;

/** Simulated tasks: events of this instance, documents, and records of another instance. */
final class TaskFixtures {

    private TaskFixtures() {}

    static TaskChanged changed(String userId, String taskId, int version) {
        return changed(userId, taskId, version, "made_up");
    }

    /** A change by this instance. */
    static TaskChanged changed(String userId, String taskId, int version, String detail) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        List<TaskTransition> history = IntStream.rangeClosed(1, version)
                .mapToObj(i -> new TaskTransition(TaskStatus.RUNNING, now, i, i == version ? detail : null))
                .toList();
        return new TaskChanged(new Task(
                taskId,
                userId,
                "an-account",
                "made_up",
                TaskStatus.RUNNING,
                version,
                version + 1,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                0,
                now,
                now,
                null,
                history));
    }

    /** A task in the database that no instance processes. */
    static Document document(String userId, String taskId, int version) {
        Date now = Date.from(Instant.now());
        List<Document> history = IntStream.rangeClosed(1, version)
                .mapToObj(
                        i -> new Document("status", "running").append("at", now).append("attempt", i))
                .toList();
        return new Document("_id", taskId)
                .append("user_id", userId)
                .append("twitter_user_id", "an-account")
                .append("username", "made_up")
                .append("v", 2)
                .append("status", "running")
                .append("attempt", version)
                .append("attempt_limit", version + 1)
                .append("created_at", now)
                .append("updated_at", now)
                .append("history", history);
    }

    /** The record that another instance publishes after a change. */
    static byte[] event(String userId, String taskId, int version) {
        return "{\"tasks\":[{\"task_id\":\"%s\",\"user_id\":\"%s\",\"version\":%d,\"status\":\"running\"}]}"
                .formatted(taskId, userId, version)
                .getBytes(StandardCharsets.UTF_8);
    }
}
