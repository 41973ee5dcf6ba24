package io.perch.resourceserver.task;

/**
 * A task at a version. A higher version is newer.
 *
 * @param userId the owner
 * @param task the task as its owner sees it
 * @param version the number of the task's changes
 */
public record TaskSnapshot(String userId, TaskRepresentation task, int version) {

    static TaskSnapshot of(Task task) {
        return new TaskSnapshot(task.userId(), TaskRepresentation.of(task), task.version());
    }
}
