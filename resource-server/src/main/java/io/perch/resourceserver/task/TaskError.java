package io.perch.resourceserver.task;

/**
 * Why a task failed.
 *
 * @param code a stable name of the reason, such as {@code wrong_credentials}
 * @param message the reason in words, fit to be shown to the task's owner
 * @param retryable whether the same login may succeed another time
 */
public record TaskError(String code, String message, boolean retryable) {

    /** The account that the task was to log in to is gone. */
    public static TaskError accountDeleted() {
        return new TaskError("account_deleted", "The account was deleted before the login ran", false);
    }
}
