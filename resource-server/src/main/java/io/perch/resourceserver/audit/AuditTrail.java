package io.perch.resourceserver.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Records what requests do. Lines that arrive at the same time are stored together. A request waits a short time for its line and
 * then continues; the line is stored as soon as the database is available. A line that cannot be stored is written to the
 * server's log completely.
 */
@Component
class AuditTrail implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(AuditTrail.class);
    private static final int BATCH = 500;
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private record Pending(AuditLine line, CompletableFuture<Boolean> written) {}

    private final AuditStore store;
    private final Duration maxWait;
    private final BlockingQueue<Pending> waiting;
    private final Counter lost;
    private volatile CountDownLatch closing = new CountDownLatch(0);
    private volatile @Nullable Thread writer;

    AuditTrail(AuditStore store, AuditProperties properties, MeterRegistry meters) {
        this.store = store;
        this.maxWait = properties.maxWait();
        this.waiting = new LinkedBlockingQueue<>(properties.queue());
        this.lost = Counter.builder("perch.audit.lost")
                .description("Audit lines that are only in the server's log")
                .register(meters);
        Gauge.builder("perch.audit.waiting", waiting, BlockingQueue::size)
                .description("Audit lines that are not stored yet")
                .register(meters);
    }

    /** Records a line. Throws no exception, because the request must not fail for it. */
    void record(AuditLine line) {
        Pending pending = new Pending(line, new CompletableFuture<>());
        if (writer == null || !waiting.offer(pending)) {
            logOnly(line, "the queue is full");
            return;
        }
        try {
            var unused = pending.written().get(maxWait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.warn("audit_id={} action={} is not stored yet", line.id(), line.action());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void start() {
        closing = new CountDownLatch(1);
        Thread started = new Thread(this::run, "audit");
        started.setDaemon(true);
        writer = started;
        started.start();
    }

    @Override
    public void stop() {
        Thread stopped = writer;
        writer = null;
        closing.countDown();
        try {
            if (stopped != null) {
                stopped.join(STOP_TIMEOUT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<Pending> left = new ArrayList<>();
        waiting.drainTo(left);
        left.forEach(pending -> logOnly(pending.line(), "the server stops"));
    }

    @Override
    public boolean isRunning() {
        return writer != null;
    }

    /** Starts before the web server and stops after it. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
    }

    private void run() {
        List<Pending> batch = new ArrayList<>();
        while (closing.getCount() > 0 || !waiting.isEmpty()) {
            try {
                Pending next = waiting.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
                if (next != null) {
                    batch.add(next);
                    waiting.drainTo(batch, BATCH - 1);
                    write(batch);
                    batch.clear();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        batch.forEach(pending -> logOnly(pending.line(), "the server stops"));
    }

    /** Stores lines. Retries while the database is unavailable, until the server stops. */
    private void write(List<Pending> batch) throws InterruptedException {
        List<AuditLine> lines = batch.stream().map(Pending::line).toList();
        boolean written = false;
        while (!written) {
            try {
                store.write(lines);
                written = true;
            } catch (DataAccessException e) {
                log.warn("{} audit lines are not stored, trying again: {}", lines.size(), e.getMessage());
                if (closing.await(RETRY_DELAY.toMillis(), TimeUnit.MILLISECONDS)) {
                    lines.forEach(line -> logOnly(line, "the database is unavailable, and the server stops"));
                    break;
                }
            } catch (RuntimeException e) {
                log.error("{} audit lines cannot be stored", lines.size(), e);
                lines.forEach(line -> logOnly(line, "it cannot be stored"));
                break;
            }
        }
        for (Pending pending : batch) {
            pending.written().complete(written);
        }
    }

    private void logOnly(AuditLine line, String reason) {
        lost.increment();
        log.error("An audit line is only in this log, because {}: {}", reason, line);
    }
}
