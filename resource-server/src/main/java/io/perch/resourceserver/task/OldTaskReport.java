package io.perch.resourceserver.task;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Counts the old service's documents at the start. The server does not change them or return them in responses. */
@Component
class OldTaskReport {

    private static final Logger log = LoggerFactory.getLogger(OldTaskReport.class);
    private static final int MAX_COUNTED = 100_000;

    private final TaskMigrationRepository tasks;
    private final AtomicLong found = new AtomicLong();

    OldTaskReport(TaskMigrationRepository tasks, MeterRegistry meters) {
        this.tasks = tasks;
        Gauge.builder("perch.tasks.old", found, AtomicLong::get)
                .description("Documents of the old service that were found at the start, counted up to 100,000")
                .register(meters);
    }

    @EventListener(ApplicationReadyEvent.class)
    void onReady() {
        Thread counting = new Thread(this::count, "old-tasks");
        counting.setDaemon(true);
        counting.start();
    }

    private void count() {
        try {
            found.set(tasks.countOldDocuments(MAX_COUNTED));
            if (found.get() > 0) {
                log.warn(
                        "{} documents of the old service are in the collection of tasks and are ignored;"
                                + " the command adopt-old-tasks converts them",
                        found.get());
            }
        } catch (DataAccessException e) {
            log.info("The documents of the old service were not counted: {}", e.getMessage());
        }
    }
}
