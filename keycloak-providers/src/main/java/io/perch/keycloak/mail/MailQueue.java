package io.perch.keycloak.mail;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;

/**
 * Runs the tasks for mails in the background, separate from the requests. The queue is in memory. Keycloak's own executors are not
 * used, because they have no delays, and retries need delays.
 */
public final class MailQueue implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(MailQueue.class);

    private static final int THREADS = 4;

    /**
     * Milliseconds between the commit and the start of a task, so that the answer is sent before. A random time up to the same
     * length is added. So neither this answer nor the next ones show by their time whether there was work to do.
     */
    private static final int DELAY_MILLIS = 250;

    /** The most waiting tasks. More are dropped, because their mails would be too late and memory is limited. */
    private static final int CAPACITY = 10_000;

    private final ScheduledThreadPoolExecutor executor;
    private final MailMetrics metrics;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * Creates an empty queue with its own threads.
     *
     * @param name part of the names of the threads, and the metrics' tag {@code feature}
     */
    public MailQueue(String name) {
        metrics = new MailMetrics(name);
        AtomicInteger count = new AtomicInteger();
        executor = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread thread = new Thread(task, "perch-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            thread.setContextClassLoader(MailQueue.class.getClassLoader());
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Runs a task shortly after the session's transaction has committed, when the answer is sent. Never runs it after a rollback.
     */
    public void afterCommit(KeycloakSession session, Runnable task) {
        session.getTransactionManager().enlistAfterCompletion(new AbstractKeycloakTransaction() {
            @Override
            protected void commitImpl() {
                in(randomDelay(), task);
            }

            @Override
            protected void rollbackImpl() {
                // The request has changed nothing
            }
        });
    }

    private static Duration randomDelay() {
        return Duration.ofMillis(DELAY_MILLIS + ThreadLocalRandom.current().nextInt(DELAY_MILLIS + 1));
    }

    /** Runs a task after a delay. If the queue is full, the task is dropped and a warning is logged. */
    public void in(Duration delay, Runnable task) {
        if (executor.getQueue().size() >= CAPACITY) {
            LOG.warnf("Mails: %d wait already, one is dropped", CAPACITY);
            metrics.dropped();
            return;
        }
        waiting.incrementAndGet();
        Future<?> unused = executor.schedule(
                logged(() -> {
                    waiting.decrementAndGet();
                    task.run();
                }),
                delay.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** The number of tasks in memory that wait for their time or for a thread. Periodic tasks are not counted. */
    public int waiting() {
        return waiting.get();
    }

    /** The metrics of this queue's mails. */
    public MailMetrics metrics() {
        return metrics;
    }

    /** Runs a task periodically. The first run is after one period. */
    public void every(Duration period, Runnable task) {
        Future<?> unused = executor.scheduleWithFixedDelay(
                logged(task), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        executor.shutdown();
    }

    // The executor does not log a task's exception, and would stop a periodic task after it
    private static Runnable logged(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("Mails: a task in the background failed", e);
            }
        };
    }
}
