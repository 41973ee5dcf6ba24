package io.perch.resourceserver.pipeline;

import io.micrometer.tracing.Span;
import io.perch.resourceserver.task.ClaimedTask;
import io.perch.resourceserver.task.Task;
import org.jspecify.annotations.Nullable;

/** A login that this instance runs. It can be stopped: the call to X is interrupted, but never the write of the result. */
final class RunningLogin {

    private final ClaimedTask claimed;
    private final Span.@Nullable Builder trace;
    private volatile long leasedAt;
    private @Nullable Thread caller;
    private boolean stopped;

    /**
     * Creates a login that has not started.
     *
     * @param claimed its task
     * @param trace the builder of its span, with the request as parent; null if there is no trace
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

    /** Returns the age of the lease in nanoseconds; the real age is not greater. */
    long leaseAge() {
        return System.nanoTime() - leasedAt;
    }

    /** Sets the {@link System#nanoTime} before the renewal of the lease was sent. */
    void leasedAt(long nanoTime) {
        leasedAt = nanoTime;
    }

    /** Stops the login, also if it has not started. */
    synchronized void stop() {
        stopped = true;
        if (caller != null) {
            caller.interrupt();
        }
    }

    /**
     * Calls X. Only this call can be interrupted by {@link #stop}.
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
            throw new InterruptedException("The login was stopped before it started");
        }
        caller = Thread.currentThread();
    }

    /** Clears a late interrupt, so that it does not affect the code that follows. */
    private synchronized void end() {
        caller = null;
        boolean late = Thread.interrupted();
        stopped |= late;
    }

    /** A long operation that ends early if its thread is interrupted. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws InterruptedException;
    }
}
