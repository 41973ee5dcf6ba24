package io.perch.resourceserver.pipeline;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A thread that runs a loop. The loop must end when {@link #isRunning} is false. */
final class LoopThread {

    private final String name;
    private final Runnable loop;
    private volatile @Nullable Thread thread;

    LoopThread(String name, Runnable loop) {
        this.name = name;
        this.loop = loop;
    }

    /** Starts the thread. It does not keep the JVM running. */
    void start() {
        Thread started = new Thread(loop, name);
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    /** Lets the loop end, and waits for that. */
    void stop(Duration timeout) {
        stop(timeout, () -> {});
    }

    /**
     * Lets the loop end, and waits for that.
     *
     * @param wakeUp called when {@link #isRunning} is false, and before the wait
     */
    void stop(Duration timeout, Runnable wakeUp) {
        Thread stopped = thread;
        thread = null;
        wakeUp.run();
        if (stopped != null) {
            try {
                stopped.join(timeout.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    boolean isRunning() {
        return thread != null;
    }
}
