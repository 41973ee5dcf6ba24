package io.perch.resourceserver.pipeline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.task.DueTasks;
import io.perch.resourceserver.task.TaskReady;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.TaskScheduler;

/**
 * Finds what was lost on the way, in the database, and publishes it again. Instances sweep at odds with each other, and
 * each takes a bounded number at once.
 */
class Sweeper implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

    private final DueTasks tasks;
    private final LoginPublisher publisher;
    private final TaskScheduler scheduler;
    private final PipelineProperties properties;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Counter sweeps;
    private final Counter swept;
    private volatile boolean running;

    Sweeper(
            DueTasks tasks,
            LoginPublisher publisher,
            TaskScheduler scheduler,
            PipelineProperties properties,
            MeterRegistry meters) {
        this.tasks = tasks;
        this.publisher = publisher;
        this.scheduler = scheduler;
        this.properties = properties;
        this.sweeps = meters.counter("perch.pipeline.sweeps");
        this.swept = meters.counter("perch.pipeline.swept");
    }

    @Override
    public void start() {
        running = true;
        schedule(properties.sweepInterval());
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void schedule(Duration pause) {
        if (running) {
            long half = pause.toMillis() / 2;
            Duration jittered = Duration.ofMillis(half + random.nextLong(half + 1));
            var unused = scheduler.schedule(this::sweep, Instant.now().plus(jittered));
        }
    }

    private void sweep() {
        try {
            List<TaskReady> due = tasks.take(properties.sweepBatch());
            sweeps.increment();
            if (!due.isEmpty()) {
                log.info("{} due tasks are published again", due.size());
                swept.increment(due.size());
                due.forEach(publisher::publish);
            }
        } catch (DataAccessException e) {
            log.warn("No sweep: the database does not answer ({})", e.getMessage());
        } finally {
            schedule(properties.sweepInterval());
        }
    }
}
