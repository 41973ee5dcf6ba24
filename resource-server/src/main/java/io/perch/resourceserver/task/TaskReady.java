package io.perch.resourceserver.task;

/**
 * An application event: a stored task can be claimed. It is new, its challenge was answered, a moderator retries it, or an
 * instance that stops released it.
 *
 * @param task the fields that a claim needs
 */
public record TaskReady(DueTask task) {

    static TaskReady of(Task task) {
        return new TaskReady(DueTask.waiting(task.id(), task.userId(), task.twitterUserId(), task.attempt()));
    }
}
