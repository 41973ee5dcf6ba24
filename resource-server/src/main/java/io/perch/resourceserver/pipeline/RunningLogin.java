package io.perch.resourceserver.pipeline;

import io.micrometer.tracing.Span;
import io.perch.resourceserver.task.ClaimedTask;
import io.perch.resourceserver.task.Task;
import org.jspecify.annotations.Nullable;

/**
 * A login that this instance runs. It can be stopped: the call to the other side is interrupted, but never the writing of its
 * result.
 */
final class RunningLogin {

    private final ClaimedTask claimed;
    private final Span.@Nullable Builder trace;
    private volatile long leasedAt;
    private @Nullable Thread caller;
    private boolean stopped;

    /**
     * Makes a login that has not begun.
     *
     * @param claimed its task
     * @param trace what continues the trace of the request; null where there is none
     */
    RunningLogin(ClaimedTask claimed, Span.@Nullable Builder trace) {
        this.claimed = claimed;
        this.trace = trace;
        this.leasedAt = claimed.leasedAt();
    }

    ClaimedTask claimed() {
        return claimed;
    }

    Task task() {
        return claimed.task();
    }

    Span.@Nullable Builder trace() {
        return trace;
    }

    /** Returns how old the lease is at most, in nanoseconds. */
    long leaseAge() {
        return System.nanoTime() - leasedAt;
    }

    /** Records that the lease was renewed by a command that was sent at this {@link System#nanoTime}. */
    void leasedAt(long nanoTime) {
        leasedAt = nanoTime;
    }

    /** Stops the login, now or before it begins. */
    synchronized void stop() {
        stopped = true;
        if (caller != null) {
            caller.interrupt();
        }
    }

    /**
     * Calls the other side; only here can {@link #stop} interrupt.
     *
     * @throws InterruptedException if the login was stopped
     */
    <T> T call(Call<T> call) throws InterruptedException {
        begin();
        try {
            return call.run();
        } finally {
            end();
        }
    }

    private synchronized void begin() throws InterruptedException {
        if (stopped) {
            throw new InterruptedException("The login was stopped before it began");
        }
        caller = Thread.currentThread();
    }

    /** An interrupt that came too late must not hit what follows. */
    private synchronized void end() {
        caller = null;
        boolean late = Thread.interrupted();
        stopped |= late;
    }

    /** Something that may take long, and ends early when its thread is interrupted. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws InterruptedException;
    }
}
