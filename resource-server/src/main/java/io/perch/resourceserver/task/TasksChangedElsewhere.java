package io.perch.resourceserver.task;

import java.util.List;

/**
 * Other instances changed tasks. Published as an application event.
 *
 * @param versions which, in the order of their changes
 */
public record TasksChangedElsewhere(List<TaskVersion> versions) {}
