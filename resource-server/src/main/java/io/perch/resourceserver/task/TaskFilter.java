package io.perch.resourceserver.task;

import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import io.perch.resourceserver.web.TimeLimits;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Conditions for tasks. A task must match all of them.
 *
 * @param userId the owner; null for all users
 * @param statuses the states; empty for any
 * @param account the X user name; null for any. For one user's tasks, case is ignored. For all users, it must be as the owner
 *     wrote it or in lower case
 * @param error the code of the last attempt's error; null for any task, with an error or without
 * @param from created at this time or later; null for no limit
 * @param to created before this time; null for no limit
 */
public record TaskFilter(
        @Nullable String userId,
        Set<TaskStatus> statuses,
        @Nullable String account,
        @Nullable String error,
        @Nullable Instant from,
        @Nullable Instant to) {

    private static final String STATUS_NAMES =
            Arrays.stream(TaskStatus.values()).map(TaskStatus::wireName).collect(Collectors.joining(", "));

    public TaskFilter {
        statuses = Set.copyOf(statuses);
    }

    /**
     * Creates a filter from a client's parameters.
     *
     * @param statuses names of states; null for any state
     * @throws ProblemException 400 if there is no such state, or {@link TimeLimits} refuses the times
     */
    public static TaskFilter of(
            @Nullable String userId,
            @Nullable Collection<String> statuses,
            @Nullable String account,
            @Nullable String error,
            @Nullable Instant from,
            @Nullable Instant to) {
        TimeLimits.check(from, to);
        Set<TaskStatus> states = EnumSet.noneOf(TaskStatus.class);
        if (statuses != null) {
            statuses.forEach(name -> states.add(status(name)));
            if (states.isEmpty()) {
                // A parameter without a value
                throw noSuchStatus();
            }
        }
        return new TaskFilter(userId, states, account, error, from, to);
    }

    /** Returns the same filter for some states only. */
    public TaskFilter with(Set<TaskStatus> states) {
        return new TaskFilter(userId, states, account, error, from, to);
    }

    /** Returns the same filter for tasks that were created before a time. */
    public TaskFilter before(Instant time) {
        return new TaskFilter(userId, statuses, account, error, from, to == null || to.isAfter(time) ? time : to);
    }

    // Spring would also accept the Java name of an enum constant
    private static TaskStatus status(String name) {
        try {
            return TaskStatus.ofWireName(name);
        } catch (IllegalArgumentException e) {
            throw noSuchStatus();
        }
    }

    private static ProblemException noSuchStatus() {
        return new ProblemException(ProblemType.INVALID_REQUEST, "'status' must be one of " + STATUS_NAMES);
    }
}
