package io.perch.resourceserver.task;

/**
 * A message: an instance changed a task. It may be published twice, late, or out of order. A higher version is newer.
 *
 * @param key the task and its owner
 * @param version the number of the task's changes
 * @param status the state at this version
 */
public record TaskVersion(TaskKey key, int version, TaskStatus status) {}
