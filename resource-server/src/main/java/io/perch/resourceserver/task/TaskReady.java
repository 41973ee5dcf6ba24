package io.perch.resourceserver.task;

/**
 * A stored task wants to be run: it is new, due, answered, or its account is free again.
 *
 * @param taskId the task
 * @param userId its owner
 * @param twitterUserId the account to log in to
 */
public record TaskReady(String taskId, String userId, String twitterUserId) {

    static TaskReady of(Task task) {
        return new TaskReady(task.id(), task.userId(), task.twitterUserId());
    }
}
