package io.perch.resourceserver.operation;

import io.perch.resourceserver.acts.Act;
import io.perch.resourceserver.task.TaskFilter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One action on everything that matches.
 *
 * @param id its id
 * @param action what is done to each task
 * @param filter which tasks
 * @param retryableOnly whether tasks are left out whose login would fail again
 * @param order who asked for it, as it stands in the audit log of each task
 * @param state how it stands
 * @param matched how many tasks matched when it began
 * @param done how many tasks were changed
 * @param refused why tasks were not changed
 * @param after the place in the list of tasks; null at the beginning
 * @param step how often progress was stored
 * @param startedAt when it began
 * @param endedAt when it ended, null before
 */
record TaskOperation(
        String id,
        Action action,
        TaskFilter filter,
        boolean retryableOnly,
        Act order,
        State state,
        long matched,
        long done,
        List<Refused> refused,
        @Nullable String after,
        int step,
        Instant startedAt,
        @Nullable Instant endedAt) {

    /** What is done to each task. */
    enum Action {
        /** A failed task is tried again. */
        RETRY,
        /** A task that has not ended is cancelled. */
        CANCEL
    }

    /** How an operation stands. */
    enum State {
        /** Tasks are changed, one small batch after another. */
        RUNNING,
        /** The end of the list was reached. */
        DONE,
        /** A moderator stopped it. */
        STOPPED
    }

    /**
     * One reason why tasks were not changed.
     *
     * @param code the reason: {@code changed}, {@code gone} or {@code not_retryable}
     * @param count how many tasks
     * @param taskId one of them
     */
    record Refused(String code, long count, String taskId) {}
}
