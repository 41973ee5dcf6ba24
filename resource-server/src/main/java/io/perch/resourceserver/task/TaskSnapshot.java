package io.perch.resourceserver.task;

/**
 * A task as it was at some version; the higher version is the newer one.
 *
 * @param userId the owner
 * @param task the task as its owner sees it
 * @param version counts the task's changes
 */
public record TaskSnapshot(String userId, TaskRepresentation task, int version) {

    static TaskSnapshot of(Task task) {
        return new TaskSnapshot(task.userId(), TaskRepresentation.of(task), task.version());
    }
}
