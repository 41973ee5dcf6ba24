package io.perch.resourceserver.task;

import io.perch.resourceserver.acts.ActLog;
import java.util.List;

/** Converts the acts of a task to entries of the audit log. */
final class TaskActs {

    private TaskActs() {}

    static List<ActLog.Entry> entries(Task task) {
        return task.acts().stream()
                .map(act -> new ActLog.Entry(act, task.userId(), task.id(), task.twitterUserId()))
                .toList();
    }
}
