package io.perch.resourceserver.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry in a task's history.
 *
 * @param status the new state
 * @param at when
 * @param attempt the attempt that caused it; 0 before the first
 * @param detail more about it, or null
 */
public record TaskTransition(
        TaskStatus status,
        Instant at,
        int attempt,
        @Nullable String detail) {}
