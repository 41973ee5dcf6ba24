package io.perch.resourceserver.task;

/**
 * Some instance changed a task. News may come twice, late, or out of order; the higher version is the newer one.
 *
 * @param userId the owner
 * @param task the task as its owner sees it
 * @param version counts the task's changes
 */
public record TaskNews(String userId, TaskRepresentation task, int version) {}
