package io.perch.resourceserver.task;

/**
 * The result of an attempt that is not stored yet.
 *
 * @param claimed the task as the attempt claimed it
 * @param outcome computes the task after the attempt
 */
public record TaskResult(Task claimed, TaskOutcome outcome) {}
