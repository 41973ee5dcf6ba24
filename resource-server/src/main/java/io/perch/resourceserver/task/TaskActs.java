package io.perch.resourceserver.task;

import io.perch.resourceserver.acts.ActLog;
import java.util.List;

/** What was done to a task, as the audit log takes it. */
final class TaskActs {

    private TaskActs() {}

    static List<ActLog.Entry> entries(Task task) {
        return task.acts().stream()
                .map(act -> new ActLog.Entry(act, task.userId(), task.id(), task.twitterUserId()))
                .toList();
    }
}
