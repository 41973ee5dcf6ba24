package io.perch.resourceserver.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which instance runs a task, and until when. A cancelled task keeps its lease until its login has stopped.
 *
 * @param owner the instance
 * @param claim a random token of the claim that created the lease; null in a document of an earlier version
 * @param slot the value in the unique index that excludes other logins to the same account; null in a document of an earlier
 *     version
 * @param until when the lease expires, unless it is renewed
 */
record Lease(String owner, @Nullable String claim, @Nullable String slot, Instant until) {}
