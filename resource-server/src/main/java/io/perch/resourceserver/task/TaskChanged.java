package io.perch.resourceserver.task;

/**
 * This instance changed a task.
 *
 * @param task the task as it is now
 */
public record TaskChanged(Task task) {

    /** Returns what its owner may hear of it. */
    public TaskNews news() {
        return new TaskNews(task.userId(), TaskRepresentation.of(task), task.version());
    }
}
