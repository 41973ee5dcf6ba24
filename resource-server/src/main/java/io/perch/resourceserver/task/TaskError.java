package io.perch.resourceserver.task;

/**
 * Why a task failed.
 *
 * @param code a stable identifier of the reason, such as {@code wrong_credentials}
 * @param message a text that may be shown to the task's owner
 * @param retryable whether the same login may succeed later
 */
public record TaskError(String code, String message, boolean retryable) {

    /** The account of the task was deleted. */
    public static TaskError accountDeleted() {
        return new TaskError("account_deleted", "The account was deleted before the login ran", false);
    }
}
