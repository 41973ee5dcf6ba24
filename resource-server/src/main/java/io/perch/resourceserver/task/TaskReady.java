package io.perch.resourceserver.task;

/**
 * A stored task can be claimed: it is new, its challenge was answered, or a moderator has it tried again. Published as an
 * application event.
 *
 * @param task the task, as far as it takes to claim it
 */
public record TaskReady(DueTask task) {

    static TaskReady of(Task task) {
        return new TaskReady(DueTask.waiting(task.id(), task.userId(), task.twitterUserId(), task.attempt()));
    }
}
