package io.perch.resourceserver.task;

import java.util.List;

/**
 * An application event: other instances changed tasks.
 *
 * @param versions the changes, in their order
 */
public record TasksChangedElsewhere(List<TaskVersion> versions) {}
