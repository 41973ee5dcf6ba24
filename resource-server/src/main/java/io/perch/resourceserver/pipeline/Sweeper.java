package io.perch.resourceserver.pipeline;

import io.perch.resourceserver.task.TaskSubmitted;
import io.perch.resourceserver.task.Tasks;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;

/** Finds what was lost on the way, in the database, and publishes it again. */
class Sweeper {

    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

    private final Tasks tasks;
    private final LoginPublisher publisher;
    private final int batch;

    Sweeper(Tasks tasks, LoginPublisher publisher, int batch) {
        this.tasks = tasks;
        this.publisher = publisher;
        this.batch = batch;
    }

    @Scheduled(
            fixedDelayString = "${perch.pipeline.sweep-interval:5s}",
            initialDelayString = "${perch.pipeline.sweep-interval:5s}")
    void sweep() {
        try {
            List<TaskSubmitted> due = tasks.takeDue(batch);
            if (!due.isEmpty()) {
                log.info("{} due tasks are published again", due.size());
                due.forEach(publisher::publish);
            }
        } catch (DataAccessException e) {
            log.warn("No sweep: the database does not answer ({})", e.getMessage());
        }
    }
}
