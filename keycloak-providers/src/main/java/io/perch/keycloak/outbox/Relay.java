package io.perch.keycloak.outbox;

import io.perch.keycloak.outbox.Deliveries.Outcome;
import io.perch.keycloak.outbox.OutboxStore.Backlog;
import java.time.Duration;
import java.util.List;
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
 * Brings rows to Kafka, in a thread of its own: reads a batch in a short transaction, has it delivered while none is open, and
 * removes it in another one. Of all nodes one is at work at a time.
 */
final class Relay implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Relay.class);

    private static final Duration LEASE_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);
    private static final Duration COMPLAINT_INTERVAL = Duration.ofMinutes(1);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(4);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(8);

    private static final Duration MEASURE_INTERVAL = Duration.ofSeconds(5);
    private static final Duration RESYNC_INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIDY_INTERVAL = Duration.ofHours(1);

    /** After so long without an answer it is said, and the connections are made anew. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final OutboxOptions options;
    private final OutboxStore store;
    private final Lease lease;
    private final Deliveries deliveries;
    private final RelayMetrics metrics = new RelayMetrics();
    private final KeycloakSessionFactory sessions;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "perch-outbox-relay");
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile long stopAsked;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean isLeading;
    private long complained;
    private long measured = System.nanoTime() - MEASURE_INTERVAL.toNanos();
    private long resyncAsked = System.nanoTime() - RESYNC_INTERVAL.toNanos();
    private long tidied = System.nanoTime() - TIDY_INTERVAL.toNanos();

    Relay(KeycloakSessionFactory sessions, OutboxOptions options) {
        this.sessions = sessions;
        this.options = options;
        this.store = new OutboxStore(sessions);
        this.lease = new Lease(sessions, "relay", options.lease());
        this.deliveries = new Deliveries(options);
        thread.setDaemon(true);
        // Kafka's client looks its classes up by it
        thread.setContextClassLoader(Relay.class.getClassLoader());
    }

    void start() {
        if (options.bootstrapServers().isEmpty()) {
            LOG.info("Outbox: no Kafka brokers are set; events are kept until there are some");
            return;
        }
        thread.start();
    }

    /** There may be something to send. Returns at once. */
    void wake() {
        if (news.availablePermits() == 0) {
            news.release();
        }
    }

    private void run() {
        while (!isStopped()) {
            try {
                Duration pause = step();
                recovered();
                await(pause);
            } catch (Throwable e) {
                // Whatever it is: nobody else does it in this thread's place, and nobody would be told
                failed(e);
            }
        }
        deliveries.close();
        release();
    }

    private void recovered() {
        int inARow = failures.getAndSet(0);
        if (inARow > 0) {
            LOG.infof("Outbox: goes on after %d failures in a row", inARow);
        }
    }

    /** Sends a batch, if it is this node's turn. Returns how long to wait, if nothing happens, before the next one. */
    private Duration step() {
        boolean isTurn = lease.hold();
        isLeading = isTurn;
        metrics.leading(isTurn);
        lookAfter(isTurn);
        if (!isTurn) {
            return LEASE_INTERVAL;
        }
        long begun = System.nanoTime();
        List<OutboxRow> rows = store.oldest(options.batch());
        if (!rows.isEmpty()) {
            deliver(rows);
        }
        if (rows.size() == options.batch()) {
            return Duration.ZERO;
        }
        if (isResyncDue() && Resync.proceed(sessions, options.attributes())) {
            // Behind what is news, and until it is done at once
            resyncAsked = begun - RESYNC_INTERVAL.toNanos();
            return Duration.ZERO;
        }
        if (!rows.isEmpty()) {
            waitForMore(begun);
        }
        return Duration.ofMillis(options.pollInterval());
    }

    private boolean isResyncDue() {
        long now = System.nanoTime();
        boolean isDue = now - resyncAsked >= RESYNC_INTERVAL.toNanos();
        if (isDue) {
            resyncAsked = now;
        }
        return isDue;
    }

    // A single event is sent at once. Events that follow each other closely are sent together, which costs much less
    private void waitForMore(long begun) {
        stopOrPass(Duration.ofMillis(options.interval()).minusNanos(System.nanoTime() - begun));
    }

    private void deliver(List<OutboxRow> rows) {
        long patience = System.nanoTime() + PATIENCE.toNanos();
        Outcome outcome =
                deliveries.send(rows, lease.era(), () -> System.nanoTime() < patience && !isOverdue() && lease.hold());
        store.settle(outcome.sent(), outcome.refused());
        metrics.sent(outcome.sent().size());
        metrics.setAside(outcome.refused().size());
        outcome.refused()
                .forEach((row, reason) ->
                        LOG.errorf("Outbox: event %s of %s is set aside: %s", row.eventId(), row.key(), reason));
        int left = rows.size() - outcome.sent().size() - outcome.refused().size();
        metrics.failed(left);
        if (left > 0 && !isStopped()) {
            throw new UndeliveredException(left, outcome.failure());
        }
    }

    /** Measures and tidies every now and then. */
    private void lookAfter(boolean isTurn) {
        long now = System.nanoTime();
        if (!isTurn) {
            metrics.pending(0, 0);
        } else if (now - measured > MEASURE_INTERVAL.toNanos()) {
            measured = now;
            Backlog backlog = store.backlog();
            long age = backlog.count() == 0 ? 0 : Math.max(0, Time.currentTimeMillis() - backlog.oldest());
            metrics.pending(backlog.count(), age);
        }
        if (isTurn && now - tidied > TIDY_INTERVAL.toNanos()) {
            tidied = now;
            int forgotten = store.forgetSetAside(Time.currentTimeMillis()
                    - Duration.ofDays(options.setAsideDays()).toMillis());
            if (forgotten > 0) {
                LOG.warnf("Outbox: %d events that were set aside are gone for good", forgotten);
            }
        }
    }

    private void failed(Throwable e) {
        int inARow = failures.incrementAndGet();
        metrics.failure();
        if (e instanceof Error) {
            LOG.error("Outbox: an error, after which it goes on", e);
        }
        if (!isStopped()) {
            LOG.debug("Outbox: failure", e);
            long now = System.nanoTime();
            if (inARow == 1 || now - complained > COMPLAINT_INTERVAL.toNanos()) {
                complained = now;
                LOG.warnf("Outbox: %s; tried again (failure %d in a row)", e.getMessage(), inARow);
            }
            long longest = Math.min(LONGEST_BACKOFF.toMillis(), 100L << Math.min(inARow, 10));
            long backoff = longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
            // News do not end it: there may be many
            stopOrPass(Duration.ofMillis(backoff));
        }
    }

    private void stopOrPass(Duration pause) {
        try {
            if (stop.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.debug("Outbox: stopped while it waited");
            }
        } catch (InterruptedException e) {
            stop.countDown();
        }
    }

    /** How it stands, for Keycloak's health. */
    Health health() {
        boolean isNeeded = !options.bootstrapServers().isEmpty() && !isStopped();
        return new Health(!isNeeded || thread.isAlive(), isLeading, failures.get());
    }

    /**
     * How the relay stands.
     *
     * @param isAlive false where it should run, and does not
     * @param isLeading whether it is this node's turn
     * @param failures how many there were since something was right
     */
    record Health(boolean isAlive, boolean isLeading, int failures) {}

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    /** Whether what is under way has had its time since the stop. */
    private boolean isOverdue() {
        return isStopped() && System.nanoTime() - stopAsked > DRAIN_LIMIT.toNanos();
    }

    private void await(Duration pause) {
        if (pause.isZero() || isStopped()) {
            return;
        }
        try {
            if (news.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                news.drainPermits();
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

    /** Lets what is under way arrive, and the next node begin. */
    @Override
    public void close() {
        stopAsked = System.nanoTime();
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
