package io.perch.resourceserver.task;

import org.jspecify.annotations.Nullable;

/**
 * Which tasks a list shows.
 *
 * @param userId whose; null for everybody's
 * @param status in which state; null for any
 */
record TaskFilter(@Nullable String userId, @Nullable TaskStatus status) {}
