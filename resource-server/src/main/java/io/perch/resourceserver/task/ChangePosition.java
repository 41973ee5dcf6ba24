package io.perch.resourceserver.task;

import java.time.Instant;

/**
 * A position among a user's tasks in the order of their last change.
 *
 * @param updatedAt the time of the change
 * @param taskId the last task before the position; empty if it is before all changes at this time
 */
public record ChangePosition(Instant updatedAt, String taskId) {

    /** Returns the position before all changes at this time. */
    public static ChangePosition before(Instant time) {
        return new ChangePosition(time, "");
    }
}
