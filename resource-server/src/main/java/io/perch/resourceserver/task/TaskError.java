package io.perch.resourceserver.task;

/**
 * Why a task failed.
 *
 * @param code a stable name of the reason, such as {@code wrong_credentials}
 * @param message the reason in words, fit to be shown to the task's owner
 * @param retryable whether the same login may succeed another time
 */
public record TaskError(String code, String message, boolean retryable) {}
