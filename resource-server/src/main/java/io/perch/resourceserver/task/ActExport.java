package io.perch.resourceserver.task;

import io.perch.resourceserver.acts.ActLog;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Copies the acts of cancelled and ended tasks to the audit log, on a thread of its own. If a copy fails, {@link TaskPoll}
 * repeats it when the task is due.
 */
@Component
class ActExport {

    private static final Logger log = LoggerFactory.getLogger(ActExport.class);
    private static final int QUEUE = 1_000;
    private static final long STOP_SECONDS = 5;

    private final TaskRepository tasks;
    private final ActLog acts;
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), work -> {
                Thread thread = new Thread(work, "act-export");
                thread.setDaemon(true);
                return thread;
            });

    ActExport(TaskRepository tasks, ActLog acts) {
        this.tasks = tasks;
        this.acts = acts;
    }

    /** Copies a task's acts soon. Does nothing if it has none. */
    void exportLater(Task task) {
        if (task.acts().isEmpty()) {
            return;
        }
        try {
            executor.execute(() -> export(task));
        } catch (RejectedExecutionException e) {
            log.debug(
                    "task_id={} the queue is full; its acts are copied to the audit log when the task is due",
                    task.id());
        }
    }

    @PreDestroy
    void stop() throws InterruptedException {
        executor.shutdown();
        var unused = executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    }

    private void export(Task task) {
        try {
            acts.write(TaskActs.entries(task));
            tasks.removeActs(task);
        } catch (DataAccessException e) {
            log.warn(
                    "task_id={} its acts are copied to the audit log when the task is due, not now: {}",
                    task.id(),
                    e.getMessage());
        }
    }
}
