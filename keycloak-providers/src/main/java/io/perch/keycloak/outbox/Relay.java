package io.perch.keycloak.outbox;

import io.perch.keycloak.outbox.BatchResults.Outcome;
import io.perch.keycloak.outbox.OutboxStore.Backlog;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.util.Time;
import org.keycloak.models.KeycloakSessionFactory;

/**
 * Sends rows to Kafka in its own thread. It reads a batch in a short transaction, sends it while no transaction is open, and
 * deletes it in another transaction. A lease ensures that one node at a time sends.
 */
final class Relay implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Relay.class);

    private static final Duration LEASE_INTERVAL = Duration.ofSeconds(1);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
    private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(4);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(8);

    private static final Duration BACKLOG_INTERVAL = Duration.ofSeconds(5);

    /** So many rows are counted less often, because all are read. */
    private static final long LARGE_COUNT = 10_000;

    private static final Duration LARGE_COUNT_INTERVAL = Duration.ofMinutes(1);

    private static final Duration RESYNC_INTERVAL = Duration.ofSeconds(1);
    private static final Duration CLEANUP_INTERVAL = Duration.ofHours(1);

    /** The longest wait for Kafka's acknowledgement. After that a failure is logged and the relay connects again. */
    private static final Duration ACKNOWLEDGEMENT_TIMEOUT = Duration.ofMinutes(2);

    private final OutboxOptions options;
    private final OutboxStore store;
    private final Lease lease;
    private final OutboxProducer producer;
    private final WaitingRows waiting;
    private final RelayMetrics metrics = new RelayMetrics();
    private final KeycloakSessionFactory sessions;
    private final Semaphore wakeUp = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "perch-outbox-relay");
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile long stopRequestedAt;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean isLeading;
    private volatile @Nullable String missingSecret;
    private long warnedAt;
    private long measuredAt = System.nanoTime() - BACKLOG_INTERVAL.toNanos();
    private long waitingCountedAt = System.nanoTime() - BACKLOG_INTERVAL.toNanos();
    private long waitingCount;
    private long resyncCheckedAt = System.nanoTime() - RESYNC_INTERVAL.toNanos();
    private long cleanedUpAt = System.nanoTime() - CLEANUP_INTERVAL.toNanos();

    Relay(KeycloakSessionFactory sessions, OutboxOptions options) {
        this.sessions = sessions;
        this.options = options;
        this.store = new OutboxStore(sessions, options.topic());
        this.lease = new Lease(sessions, "relay", options.lease());
        this.producer = new OutboxProducer(options, new ServerVault(sessions));
        this.waiting = new WaitingRows(store, producer, lease, options);
        thread.setDaemon(true);
        // Kafka's client loads its classes with this class loader
        thread.setContextClassLoader(Relay.class.getClassLoader());
    }

    void start() {
        if (options.bootstrapServers().isEmpty()) {
            LOG.info("Outbox: no Kafka brokers are set; events are kept until there are some");
            return;
        }
        options.warning().ifPresent(warning -> LOG.warnf("Outbox: %s", warning));
        thread.start();
    }

    /** Ends the relay's wait, because there may be rows to send. Returns at once. */
    void wake() {
        if (wakeUp.availablePermits() == 0) {
            wakeUp.release();
        }
    }

    private void run() {
        while (!isStopped()) {
            try {
                Duration pause = step();
                recovered();
                await(pause);
            } catch (Throwable e) {
                // Errors too: without this thread nothing would be sent, and no log line would report it
                failed(e);
            }
        }
        producer.close();
        release();
    }

    private void recovered() {
        missingSecret = null;
        int inARow = failures.getAndSet(0);
        if (inARow > 0) {
            LOG.infof("Outbox: sending works again after %d failures in a row", inARow);
        }
    }

    /**
     * Sends a batch if this node holds the lease. Returns how long to wait before the next step, unless {@link #wake} is called.
     */
    private Duration step() {
        boolean holdsLease = lease.hold();
        isLeading = holdsLease;
        metrics.leading(holdsLease);
        if (!holdsLease || !waiting.load()) {
            metrics.pending(0, 0);
            metrics.waiting(0);
            return LEASE_INTERVAL;
        }
        measureAndCleanUp();
        long begun = System.nanoTime();
        List<OutboxRow> rows = store.oldest(options.batch(), !waiting.isEmpty());
        if (!rows.isEmpty()) {
            deliver(rows, waiting.topics());
        }
        boolean isMore = waiting.send(this::deliver);
        // Each row of the batch is deleted, or waits for a topic. So the next batch has other rows
        if (isMore || rows.size() == options.batch()) {
            return Duration.ZERO;
        }
        if (isResyncDue() && Resync.proceed(sessions, options.attributes())) {
            // New events go first. Then the next chunk follows at once, until the resync is done
            resyncCheckedAt = begun - RESYNC_INTERVAL.toNanos();
            return Duration.ZERO;
        }
        if (!rows.isEmpty()) {
            waitForMore(begun);
        }
        return Duration.ofMillis(options.pollInterval());
    }

    private boolean isResyncDue() {
        long now = System.nanoTime();
        boolean isDue = now - resyncCheckedAt >= RESYNC_INTERVAL.toNanos();
        if (isDue) {
            resyncCheckedAt = now;
        }
        return isDue;
    }

    // A single event is sent at once. Events that follow each other closely are sent together, which costs much less
    private void waitForMore(long begun) {
        pauseUnlessStopped(Duration.ofMillis(options.interval()).minusNanos(System.nanoTime() - begun));
    }

    /**
     * Sends rows, and stores the outcome.
     *
     * @param closed topics to which nothing is sent
     * @throws UndeliveredException if a row must be sent again, and does not wait for a topic
     */
    private Outcome deliver(List<OutboxRow> rows, Set<String> closed) {
        long deadline = System.nanoTime() + ACKNOWLEDGEMENT_TIMEOUT.toNanos();
        Outcome outcome = producer.send(
                rows, lease.era(), closed, () -> System.nanoTime() < deadline && !isDrainOverdue() && lease.hold());
        // A node that takes over reads which rows wait. After that only this node may change it
        boolean mayWait = lease.isHeld();
        Map<String, List<OutboxRow>> rowsByTopic = new HashMap<>();
        if (mayWait) {
            outcome.waiting().forEach((topic, rowsOfTopic) -> rowsByTopic.put(topic, rowsOfTopic.rows()));
        }
        store.settle(outcome.sent(), outcome.refused(), rowsByTopic);
        metrics.sent(outcome.sent().size());
        metrics.setAside(outcome.refused().size());
        outcome.refused()
                .forEach((row, reason) ->
                        LOG.errorf("Outbox: event %s of %s is set aside: %s", row.eventId(), row.key(), reason));
        if (mayWait) {
            waiting.add(outcome.waiting());
        }
        int left = rows.size()
                - outcome.sent().size()
                - outcome.refused().size()
                - (mayWait ? outcome.countOfWaiting() : 0);
        metrics.failed(left);
        if (left > 0 && !isStopped()) {
            throw new UndeliveredException(left, outcome.failure());
        }
        return outcome;
    }

    /** Measures the backlog, and sets aside or deletes old rows, each at its interval. */
    private void measureAndCleanUp() {
        long now = System.nanoTime();
        if (now - measuredAt > BACKLOG_INTERVAL.toNanos()) {
            measuredAt = now;
            Backlog backlog = store.backlog();
            long age = backlog.count() == 0 ? 0 : Math.max(0, Time.currentTimeMillis() - backlog.oldest());
            metrics.pending(backlog.count(), age);
        }
        if (now - waitingCountedAt > (waitingCount < LARGE_COUNT ? BACKLOG_INTERVAL : LARGE_COUNT_INTERVAL).toNanos()) {
            waitingCountedAt = now;
            waitingCount = waiting.isEmpty() ? 0 : store.countWaiting();
            metrics.waiting(waitingCount);
        }
        if (now - cleanedUpAt > CLEANUP_INTERVAL.toNanos()) {
            cleanedUpAt = now;
            Duration time = Duration.ofDays(options.setAsideDays());
            metrics.setAside(waiting.setAside(Time.currentTimeMillis(), time));
            int deleted = store.deleteSetAside(Time.currentTimeMillis() - time.toMillis());
            if (deleted > 0) {
                LOG.warnf("Outbox: %d events that were set aside are deleted, because their time is over", deleted);
            }
        }
    }

    private void failed(Throwable e) {
        int inARow = failures.incrementAndGet();
        metrics.failure();
        missingSecret = e instanceof MissingSecretException missing ? missing.option() : null;
        if (e instanceof Error) {
            LOG.error("Outbox: an unexpected error; the relay continues", e);
        }
        if (!isStopped()) {
            LOG.debug("Outbox: failure", e);
            long now = System.nanoTime();
            if (inARow == 1 || now - warnedAt > WARNING_INTERVAL.toNanos()) {
                warnedAt = now;
                LOG.logf(
                        e instanceof MissingSecretException ? Logger.Level.ERROR : Logger.Level.WARN,
                        "Outbox: %s; tried again (failure %d in a row)",
                        message(e),
                        inARow);
            }
            long longest = Math.min(MAX_BACKOFF.toMillis(), 100L << Math.min(inARow, 10));
            long backoff = longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
            // New events do not end this wait: there may be many
            pauseUnlessStopped(Duration.ofMillis(backoff));
        }
    }

    // Kafka's own message says only that there is no producer. The first cause says why, for example that the token was
    // refused
    private static String message(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String first = String.valueOf(cause.getMessage());
        String message = String.valueOf(e.getMessage());
        return message.contains(first) ? message : message + ": " + first;
    }

    private void pauseUnlessStopped(Duration pause) {
        try {
            if (stop.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.debug("Outbox: stopped while it waited");
            }
        } catch (InterruptedException e) {
            stop.countDown();
        }
    }

    /** The state of the relay, for Keycloak's health check. */
    Health health() {
        boolean isNeeded = !options.bootstrapServers().isEmpty() && !isStopped();
        return new Health(!isNeeded || thread.isAlive(), isLeading, failures.get(), Optional.ofNullable(missingSecret));
    }

    /**
     * The state of the relay.
     *
     * @param isAlive false if the relay should run and does not
     * @param isLeading whether this node holds the lease
     * @param failures failures in a row since the last success
     * @param missingSecret the option whose secret the vault does not have, so that nothing is sent
     */
    record Health(boolean isAlive, boolean isLeading, int failures, Optional<String> missingSecret) {}

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    /** Whether the time for records in flight, after the stop, is over. */
    private boolean isDrainOverdue() {
        return isStopped() && System.nanoTime() - stopRequestedAt > DRAIN_LIMIT.toNanos();
    }

    private void await(Duration pause) {
        if (pause.isZero() || isStopped()) {
            return;
        }
        try {
            if (wakeUp.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                wakeUp.drainPermits();
            }
        } catch (InterruptedException e) {
            stop.countDown();
        }
    }

    private void release() {
        try {
            lease.release();
        } catch (RuntimeException e) {
            LOG.debug("Outbox: the lease is left to run out", e);
        }
    }

    /** Waits for records in flight, then releases the lease for another node. Takes at most {@link #STOP_LIMIT}. */
    @Override
    public void close() {
        stopRequestedAt = System.nanoTime();
        stop.countDown();
        wake();
        try {
            thread.join(STOP_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class UndeliveredException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UndeliveredException(int count, @Nullable Exception cause) {
            super(count + " events did not reach Kafka" + (cause == null ? "" : ": " + cause.getMessage()), cause);
        }
    }
}
