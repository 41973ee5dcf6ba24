package io.perch.resourceserver.task;

/**
 * Some instance changed a task. May be published twice, late, or out of order; the higher version is the newer one.
 *
 * @param key the task and its owner
 * @param version counts the task's changes
 * @param status the state that it is in as of this version
 */
public record TaskVersion(TaskKey key, int version, TaskStatus status) {}
