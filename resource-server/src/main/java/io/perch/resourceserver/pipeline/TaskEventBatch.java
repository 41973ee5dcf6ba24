package io.perch.resourceserver.pipeline;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.perch.resourceserver.task.TaskKey;
import io.perch.resourceserver.task.TaskStatus;
import io.perch.resourceserver.task.TaskVersion;
import java.util.List;

/**
 * The value of a record of {@code task-events}: tasks that changed. It contains IDs, versions and states, and no other personal
 * data.
 *
 * @param tasks the changes, in their order
 */
record TaskEventBatch(@JsonProperty("tasks") List<Entry> tasks) {

    /**
     * One change.
     *
     * @param taskId the task
     * @param userId its owner
     * @param version the number of the task's changes
     * @param status the state at this version
     */
    record Entry(
            @JsonProperty("task_id") String taskId,
            @JsonProperty("user_id") String userId,
            @JsonProperty("version") int version,
            @JsonProperty("status") TaskStatus status) {}

    static TaskEventBatch of(List<TaskVersion> versions) {
        return new TaskEventBatch(versions.stream()
                .map(task -> new Entry(task.key().taskId(), task.key().userId(), task.version(), task.status()))
                .toList());
    }

    List<TaskVersion> versions() {
        return tasks.stream()
                .map(task -> new TaskVersion(new TaskKey(task.taskId(), task.userId()), task.version(), task.status()))
                .toList();
    }
}
