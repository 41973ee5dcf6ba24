package io.perch.keycloak.request;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The time at which a request is answered. An answer at a fixed time after the start of its request does not show how long its work
 * took, and so not whether a user exists.
 */
public final class AnswerTime {

    private final long begin = System.nanoTime();

    /** A time that is counted from now. */
    public AnswerTime() {}

    /**
     * Waits until a time has passed since this object was created. Returns at once if it has passed already, or if the thread is
     * interrupted.
     *
     * @param millis the whole milliseconds of that time
     * @param nanos nanoseconds that are added to them
     */
    public void await(int millis, long nanos) {
        long end = begin + TimeUnit.MILLISECONDS.toNanos(millis) + nanos;
        for (long left = end - System.nanoTime();
                left > 0 && !Thread.currentThread().isInterrupted();
                left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
