package io.perch.resourceserver.audit;

import java.time.Clock;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Deletes lines whose retention time is over, in small batches and a limited number per run, so that the load stays low. All
 * instances may do this at the same time.
 */
@Component
class AuditSweep {

    private static final Logger log = LoggerFactory.getLogger(AuditSweep.class);
    private static final int BATCH = 1_000;
    private static final int MAX_BATCHES = 200;

    private final AuditStore store;
    private final AuditProperties properties;
    private final Clock clock;

    AuditSweep(AuditStore store, AuditProperties properties, Clock clock) {
        this.store = store;
        this.properties = properties;
        this.clock = clock;
    }

    @Scheduled(
            fixedDelayString = "${perch.audit.sweep-interval:10m}",
            initialDelayString = "${perch.audit.sweep-interval:10m}")
    void sweep() {
        Instant oldest = clock.instant().minus(properties.keep());
        try {
            int removed = 0;
            for (int i = 0, batch = BATCH; i < MAX_BATCHES && batch == BATCH; i++) {
                batch = store.removeBefore(oldest, BATCH);
                removed += batch;
            }
            if (removed > 0) {
                log.info("{} audit lines are older than {} and were removed", removed, properties.keep());
            }
        } catch (DataAccessException e) {
            log.warn("Old audit lines are not removed, trying again later: {}", e.getMessage());
        }
    }
}
