package io.perch.resourceserver.pipeline;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.mongo.DatabaseRetry;
import io.perch.resourceserver.task.TaskResult;
import io.perch.resourceserver.task.TaskResults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Stores results in groups: those that arrive within a few milliseconds are stored together. While the database is unavailable, a
 * group is retried until its leases have expired. A waiting result still uses the capacity of its login, so the queue is limited.
 */
class ResultWriter implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ResultWriter.class);
    private static final int GROUP = 250;
    private static final long LINGER_MILLIS = 4;
    private static final long IDLE_MILLIS = 200;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private record EndedLogin(RunningLogin login, TaskResult result) {}

    private final TaskResults results;
    private final DatabaseRetry retry;
    private final Consumer<RunningLogin> onWritten;
    private final DistributionSummary groups;
    private final LinkedBlockingQueue<EndedLogin> waiting = new LinkedBlockingQueue<>();
    private final LoopThread thread = new LoopThread("results", this::run);

    /**
     * Creates a writer.
     *
     * @param lease how long a group is retried
     * @param onWritten called for each login when its result was stored, was dropped because the attempt no longer held the task,
     *     or was given up
     */
    ResultWriter(TaskResults results, Duration lease, Consumer<RunningLogin> onWritten, MeterRegistry meters) {
        this.results = results;
        this.retry = new DatabaseRetry(lease);
        this.onWritten = onWritten;
        this.groups = DistributionSummary.builder("perch.pipeline.write.size")
                .description("Results that are stored together")
                .register(meters);
    }

    /** Queues a result, to be stored soon. */
    void add(RunningLogin login, TaskResult result) {
        waiting.add(new EndedLogin(login, result));
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void stop() {
        thread.stop(STOP_TIMEOUT);
    }

    @Override
    public boolean isRunning() {
        return thread.isRunning();
    }

    @Override
    public int getPhase() {
        return RunningLogins.PHASE - 1;
    }

    private void run() {
        List<EndedLogin> group = new ArrayList<>();
        while (thread.isRunning() || !waiting.isEmpty()) {
            try {
                EndedLogin first = waiting.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    if (waiting.size() < GROUP) {
                        TimeUnit.MILLISECONDS.sleep(LINGER_MILLIS);
                    }
                    group.add(first);
                    waiting.drainTo(group, GROUP - 1);
                    write(group);
                    group.clear();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void write(List<EndedLogin> group) {
        groups.record(group.size());
        try {
            List<TaskResult> all = group.stream().map(EndedLogin::result).toList();
            retry.call(() -> results.write(all));
        } catch (RuntimeException | Error e) {
            log.error("{} results are lost; their logins are repeated when the leases expire", group.size(), e);
        } finally {
            group.forEach(ended -> onWritten.accept(ended.login()));
        }
    }
}
