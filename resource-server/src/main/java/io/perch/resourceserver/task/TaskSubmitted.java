package io.perch.resourceserver.task;

/**
 * A task was accepted and stored, and waits to be run.
 *
 * @param taskId the task
 * @param userId its owner
 * @param twitterUserId the account to log in to
 */
public record TaskSubmitted(String taskId, String userId, String twitterUserId) {

    static TaskSubmitted of(Task task) {
        return new TaskSubmitted(task.id(), task.userId(), task.twitterUserId());
    }
}
