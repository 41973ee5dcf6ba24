package io.perch.resourceserver.task;

/**
 * What finds a task in a sharded collection: every change names both.
 *
 * @param taskId the task
 * @param userId its owner, which is the shard key
 */
public record TaskKey(String taskId, String userId) {}
