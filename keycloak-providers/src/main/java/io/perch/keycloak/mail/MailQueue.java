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
 * Runs the work for mails in the background, apart from the requests that asked for them, in memory. Keycloak's own executors
 * have no delays, which a mail needs that has to be tried again.
 */
public final class MailQueue implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(MailQueue.class);

    private static final int THREADS = 4;

    /**
     * Milliseconds that the answer gets, from the commit on, before work begins that depends on who was asked for; a random part of
     * as many again is added, so that the next answers do not tell it either.
     */
    private static final int PAUSE = 250;

    /** More tasks than this are dropped: the mails would come too late, and memory is finite. */
    private static final int CAPACITY = 10_000;

    private final ScheduledThreadPoolExecutor executor;

    /**
     * An empty queue with threads of its own.
     *
     * @param name goes into the names of its threads
     */
    public MailQueue(String name) {
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
     * Runs a task a moment after the session's transaction has committed, when the answer is out, and never if it rolls back.
     */
    public void afterCommit(KeycloakSession session, Runnable task) {
        session.getTransactionManager().enlistAfterCompletion(new AbstractKeycloakTransaction() {
            @Override
            protected void commitImpl() {
                in(afterTheAnswer(), task);
            }

            @Override
            protected void rollbackImpl() {
                // what the request did is undone
            }
        });
    }

    private static Duration afterTheAnswer() {
        return Duration.ofMillis(PAUSE + ThreadLocalRandom.current().nextInt(PAUSE + 1));
    }

    /** Runs a task after a delay. */
    public void in(Duration delay, Runnable task) {
        if (executor.getQueue().size() >= CAPACITY) {
            LOG.warnf("Mails: %d wait already, one is dropped", CAPACITY);
            return;
        }
        Future<?> unused = executor.schedule(logged(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Runs a task periodically. */
    public void every(Duration period, Runnable task) {
        Future<?> unused = executor.scheduleWithFixedDelay(
                logged(task), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        executor.shutdown();
    }

    // An executor keeps what a task throws to itself
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
