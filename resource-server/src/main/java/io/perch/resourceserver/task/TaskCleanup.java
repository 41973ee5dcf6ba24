package io.perch.resourceserver.task;

import io.perch.resourceserver.mongo.DatabaseTime;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Deletes final tasks whose retention time is over, and fingerprints whose idempotency window is over, in small batches. All
 * instances may do this at the same time.
 */
@Component
class TaskCleanup {

    private static final Logger log = LoggerFactory.getLogger(TaskCleanup.class);
    private static final int BATCH = 1_000;
    private static final int MAX_BATCHES = 200;

    private final TaskRetentionRepository tasks;
    private final TaskProperties properties;
    private final DatabaseTime time;

    TaskCleanup(TaskRetentionRepository tasks, TaskProperties properties, DatabaseTime time) {
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
            for (int i = 0, batch = BATCH; i < MAX_BATCHES && batch == BATCH; i++) {
                batch = tasks.removeCompleted(now.minus(properties.keep()), now, BATCH);
                removed += batch;
            }
            if (removed > 0) {
                log.info("{} tasks ended more than {} ago and were removed", removed, properties.keep());
            }
            for (int i = 0, batch = BATCH; i < MAX_BATCHES && batch == BATCH; i++) {
                batch = tasks.removeExpiredFingerprints(now, BATCH);
            }
        } catch (DataAccessException e) {
            log.warn("Old tasks are not removed, trying again later: {}", e.getMessage());
        }
    }
}
