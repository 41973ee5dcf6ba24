package io.perch.resourceserver.task;

/**
 * An application event: this instance changed a task. It is published after the change is stored.
 *
 * @param task the task after the change
 */
public record TaskChanged(Task task) {

    /** Returns the task as its owner may see it. */
    public TaskSnapshot snapshot() {
        return TaskSnapshot.of(task);
    }

    /** Returns the message for the other instances. */
    public TaskVersion version() {
        return new TaskVersion(task.key(), task.version(), task.status());
    }
}
