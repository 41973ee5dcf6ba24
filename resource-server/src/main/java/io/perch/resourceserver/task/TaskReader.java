package io.perch.resourceserver.task;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Reads tasks for packages that show them to their owners. */
@Component
public class TaskReader {

    private final TaskRepository tasks;
    private final TaskQueries queries;

    TaskReader(TaskRepository tasks, TaskQueries queries) {
        this.tasks = tasks;
        this.queries = queries;
    }

    /** Returns a task; empty if the user has none with this ID. */
    public Optional<TaskSnapshot> find(String userId, String taskId) {
        return tasks.find(new TaskKey(taskId, userId)).map(TaskSnapshot::of);
    }

    /**
     * Returns a user's newest tasks.
     *
     * @return at most {@code limit} of them, in the order of their last change
     */
    public List<TaskSnapshot> newest(String userId, int limit) {
        return queries.newest(userId, limit).stream()
                .sorted(Comparator.comparing(Task::updatedAt))
                .map(TaskSnapshot::of)
                .toList();
    }

    /**
     * Returns a user's tasks whose last change is after this position.
     *
     * @return the first {@code limit} of them, in the order of their last change
     */
    public ChangedTasks changedAfter(String userId, ChangePosition position, int limit) {
        return queries.changedAfter(userId, position, limit);
    }

    /** Returns those of the given tasks that exist, in no order. */
    public List<TaskSnapshot> findAll(Collection<TaskKey> keys) {
        return tasks.findAll(keys).stream().map(TaskSnapshot::of).toList();
    }
}
