package io.perch.resourceserver.task;

/**
 * This instance changed a task. Published as an application event after the change is stored.
 *
 * @param task the task as it is now
 */
public record TaskChanged(Task task) {

    /** Returns what its owner may see of it. */
    public TaskSnapshot snapshot() {
        return TaskSnapshot.of(task);
    }

    /** Returns what is published to the other instances. */
    public TaskVersion version() {
        return new TaskVersion(task.key(), task.version(), task.status());
    }
}
