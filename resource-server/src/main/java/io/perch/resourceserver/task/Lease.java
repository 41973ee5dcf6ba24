package io.perch.resourceserver.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who runs a task, and until when. A cancelled task keeps its lease until its login has stopped.
 *
 * @param owner the instance
 * @param claim a random token of the one claim that gave the task to its owner; null in a document of an earlier version
 * @param slot the value in the lock index while this attempt excludes others of the same account; null in a document of an
 *     earlier version
 * @param until when the lease ends, unless it is renewed
 */
record Lease(String owner, @Nullable String claim, @Nullable String slot, Instant until) {}
