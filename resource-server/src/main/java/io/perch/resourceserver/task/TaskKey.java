package io.perch.resourceserver.task;

/**
 * The fields that identify a task in a sharded collection. Every change has both.
 *
 * @param taskId the task
 * @param userId its owner, which is the shard key
 */
public record TaskKey(String taskId, String userId) {}
