package io.perch.resourceserver.task;

/**
 * The end of one attempt, which is not written yet.
 *
 * @param claimed the task as the attempt claimed it
 * @param outcome what the attempt makes of it
 */
public record TaskResult(Task claimed, TaskOutcome outcome) {}
