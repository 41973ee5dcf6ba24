package io.perch.resourceserver.task;

import java.time.Instant;

/** What an attempt makes of its task. */
@FunctionalInterface
public interface TaskOutcome {

    /**
     * Returns the task as it is after the attempt. Called again for each time that the write is tried.
     *
     * @param claimed the task as the attempt claimed it
     * @param now the database's time
     */
    Task apply(Task claimed, Instant now);
}
