package io.perch.resourceserver.task;

import io.perch.resourceserver.mongo.DatabaseTime;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Removes final tasks that have been kept long enough, and the fingerprints of requests whose idempotency keys are forgotten, in
 * small batches. Any number of instances may do so at once.
 */
@Component
class TaskCleanup {

    private static final Logger log = LoggerFactory.getLogger(TaskCleanup.class);
    private static final int BATCH = 1_000;
    private static final int MOST_BATCHES = 200;

    private final TaskRepository tasks;
    private final TaskProperties properties;
    private final DatabaseTime time;

    TaskCleanup(TaskRepository tasks, TaskProperties properties, DatabaseTime time) {
        this.tasks = tasks;
        this.properties = properties;
        this.time = time;
    }

    @Scheduled(
            fixedDelayString = "${perch.task.clean-interval:10m}",
            initialDelayString = "${perch.task.clean-interval:10m}")
    void clean() {
        try {
            Instant now = time.instant();
            int removed = 0;
            for (int i = 0, batch = BATCH; i < MOST_BATCHES && batch == BATCH; i++) {
                batch = tasks.removeCompleted(now.minus(properties.keep()), now, BATCH);
                removed += batch;
            }
            if (removed > 0) {
                log.info("{} tasks ended more than {} ago and were removed", removed, properties.keep());
            }
            for (int i = 0, batch = BATCH; i < MOST_BATCHES && batch == BATCH; i++) {
                batch = tasks.forgetFingerprints(now, BATCH);
            }
        } catch (DataAccessException e) {
            log.warn("Old tasks are removed later: {}", e.getMessage());
        }
    }
}
