package io.perch.resourceserver.task;

import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a status from a query parameter: by its name in JSON, where Spring would take an enum's name in Java as well. */
final class StatusParameter {

    private static final String NAMES =
            Arrays.stream(TaskStatus.values()).map(TaskStatus::wireName).collect(Collectors.joining(", "));

    private StatusParameter() {}

    /**
     * Reads the parameter.
     *
     * @param name what was sent, or null
     * @return the status, or null where none was sent
     * @throws ProblemException 400 if there is no status of this name
     */
    static @Nullable TaskStatus parse(@Nullable String name) {
        if (name == null) {
            return null;
        }
        try {
            return TaskStatus.ofWireName(name);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "'status' must be one of " + NAMES);
        }
    }
}
