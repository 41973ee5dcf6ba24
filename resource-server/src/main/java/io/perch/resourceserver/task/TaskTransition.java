package io.perch.resourceserver.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step in a task's history.
 *
 * @param status the state that was entered
 * @param at when
 * @param attempt which attempt did it; 0 before the first
 * @param detail more about it, or null
 */
public record TaskTransition(
        TaskStatus status,
        Instant at,
        int attempt,
        @Nullable String detail) {}
