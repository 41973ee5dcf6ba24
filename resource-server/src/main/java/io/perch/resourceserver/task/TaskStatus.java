package io.perch.resourceserver.task;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The states of a login task, and the allowed transitions. */
public enum TaskStatus {
    /** Accepted, and not started yet. */
    PENDING,
    /** A login is running. */
    RUNNING,
    /** X requires a code, and the login waits for it. */
    CHALLENGE_REQUIRED,
    /** An attempt failed, and another one will follow. */
    RETRYING,
    /** The login succeeded. */
    SUCCESS,
    /** The login failed permanently. */
    FAILURE,
    /** The owner cancelled the task. */
    CANCELLED;

    /** Returns whether no transition follows automatically. A moderator may retry a failed task. */
    public boolean isFinal() {
        return this == SUCCESS || this == FAILURE || this == CANCELLED;
    }

    /** Returns whether a transition to another state is allowed. */
    public boolean canBecome(TaskStatus next) {
        return successors().contains(next);
    }

    /** Returns the state's name in JSON and in the database. */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the state with a {@link #wireName}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static TaskStatus ofWireName(String name) {
        return Arrays.stream(values())
                .filter(status -> status.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no task status '" + name + "'"));
    }

    private Set<TaskStatus> successors() {
        return switch (this) {
            case PENDING, RETRYING -> EnumSet.of(RUNNING, FAILURE, CANCELLED);
            // A running task is claimed again when its lease has expired
            case RUNNING -> EnumSet.of(RUNNING, CHALLENGE_REQUIRED, RETRYING, SUCCESS, FAILURE, CANCELLED);
            case CHALLENGE_REQUIRED -> EnumSet.of(RUNNING, FAILURE, CANCELLED);
            case FAILURE -> EnumSet.of(PENDING);
            case SUCCESS, CANCELLED -> EnumSet.noneOf(TaskStatus.class);
        };
    }
}
