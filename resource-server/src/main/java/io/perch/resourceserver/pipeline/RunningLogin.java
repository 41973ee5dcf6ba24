package io.perch.resourceserver.pipeline;

import io.perch.resourceserver.task.Task;
import org.jspecify.annotations.Nullable;

/**
 * A login that this instance runs. It can be told to stop: the call to the other side is interrupted, but never the
 * writing of its result.
 */
final class RunningLogin {

    private final Task task;
    private volatile long leasedAt = System.nanoTime();
    private @Nullable Thread caller;
    private boolean stopped;

    RunningLogin(Task task) {
        this.task = task;
    }

    Task task() {
        return task;
    }

    /** How long ago this instance was last told that the task is its own, in nanoseconds. */
    long leaseAge() {
        return System.nanoTime() - leasedAt;
    }

    /** Notes that the lease was good at a moment of {@link System#nanoTime}. */
    void leasedAt(long nanoTime) {
        leasedAt = nanoTime;
    }

    /** Tells the login to stop, now or before it begins. */
    synchronized void stop() {
        stopped = true;
        if (caller != null) {
            caller.interrupt();
        }
    }

    /**
     * Calls the other side; only here can {@link #stop} interrupt.
     *
     * @throws InterruptedException if the login was told to stop
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
            throw new InterruptedException("The login was told to stop before it began");
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
