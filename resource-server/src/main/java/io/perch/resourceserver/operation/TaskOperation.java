package io.perch.resourceserver.operation;

import io.perch.resourceserver.acts.Act;
import io.perch.resourceserver.task.TaskFilter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One action on all matching tasks.
 *
 * @param id its ID
 * @param action what is done to each task
 * @param filter which tasks
 * @param retryableOnly whether to leave out tasks whose login would fail again
 * @param order the act of the request that started it, without the network address; each task's audit line has its actor
 * @param state the state
 * @param matched how many tasks matched at the start
 * @param done how many tasks were changed
 * @param refused why tasks were not changed
 * @param after the position in the list of tasks; null at the start
 * @param step how often progress was saved
 * @param startedAt when it started
 * @param endedAt when it ended; null before
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
        /** Retries a failed task. */
        RETRY,
        /** Cancels a task that is not final. */
        CANCEL
    }

    /** The state of an operation. */
    enum State {
        /** Tasks are changed in small batches. */
        RUNNING,
        /** All tasks were processed. */
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
