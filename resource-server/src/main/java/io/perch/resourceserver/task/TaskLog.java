package io.perch.resourceserver.task;

import org.slf4j.Logger;

/** Logs the change of a task. */
final class TaskLog {

    private TaskLog() {}

    static void changed(Logger log, Task task) {
        if (log.isInfoEnabled()) {
            log.info(
                    "task_id={} user_id={} status={} attempt={}",
                    task.id(),
                    task.userId(),
                    task.status().wireName(),
                    task.attempt());
        }
    }
}
