package io.perch.resourceserver.task;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a user's tasks in the order of their last change.
 *
 * @param tasks the tasks; unreadable ones are left out
 * @param next where the next part begins; null if this is the last part
 */
public record ChangedTasks(
        List<TaskSnapshot> tasks, @Nullable ChangePosition next) {}
