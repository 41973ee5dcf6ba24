package io.perch.resourceserver.task;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The states of a login task, and the ways between them. */
public enum TaskStatus {
    /** Accepted, and waiting for its turn. */
    PENDING,
    /** A login is under way. */
    RUNNING,
    /** The other side asked for a code, and the login waits for it. */
    CHALLENGE_REQUIRED,
    /** An attempt failed, and another one will follow. */
    RETRYING,
    /** The login succeeded. */
    SUCCESS,
    /** The login failed for good. */
    FAILURE,
    /** The owner cancelled the task. */
    CANCELLED;

    /** Returns whether nothing follows on this state by itself; a moderator may have a failed task tried again. */
    public boolean isFinal() {
        return this == SUCCESS || this == FAILURE || this == CANCELLED;
    }

    /** Returns whether a task in this state may go on to another. */
    public boolean canBecome(TaskStatus next) {
        return successors().contains(next);
    }

    /** Returns the state's name in JSON and in the database. */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a state back.
     *
     * @throws IllegalArgumentException if there is no state of this name
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
            // A running task is claimed again when its lease ran out.
            case RUNNING -> EnumSet.of(RUNNING, CHALLENGE_REQUIRED, RETRYING, SUCCESS, FAILURE, CANCELLED);
            case CHALLENGE_REQUIRED -> EnumSet.of(RUNNING, FAILURE, CANCELLED);
            case FAILURE -> EnumSet.of(PENDING);
            case SUCCESS, CANCELLED -> EnumSet.noneOf(TaskStatus.class);
        };
    }
}
