package io.perch.resourceserver.task;

import java.time.Instant;

/** Computes a task's state after an attempt. */
@FunctionalInterface
public interface TaskOutcome {

    /**
     * Returns the task after the attempt. Called again for each retry of the write.
     *
     * @param claimed the task as the attempt claimed it
     * @param now the database's time
     */
    Task apply(Task claimed, Instant now);
}
