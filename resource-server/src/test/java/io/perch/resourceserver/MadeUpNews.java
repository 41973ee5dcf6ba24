package io.perch.resourceserver;

import io.perch.resourceserver.task.TaskNews;
import io.perch.resourceserver.task.TaskRepresentation;
import io.perch.resourceserver.task.TaskStatus;
import io.perch.resourceserver.task.TaskTransition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;

/** News of tasks that are not in the database. */
final class MadeUpNews {

    private MadeUpNews() {}

    static TaskNews of(String userId, String taskId, int version) {
        return of(userId, taskId, version, "made_up");
    }

    static TaskNews of(String userId, String taskId, int version, String detail) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        List<TaskTransition> history = IntStream.rangeClosed(1, version)
                .mapToObj(i -> new TaskTransition(TaskStatus.RUNNING, now, i, i == version ? detail : null))
                .toList();
        TaskRepresentation task = new TaskRepresentation(
                taskId,
                "an-account",
                "made_up",
                TaskStatus.RUNNING,
                version,
                null,
                null,
                null,
                now,
                now,
                null,
                history);
        return new TaskNews(userId, task, version);
    }
}
