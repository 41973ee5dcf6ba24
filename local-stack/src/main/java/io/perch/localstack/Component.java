package io.perch.localstack;

import java.nio.file.Path;

/** One server of the stack. */
interface Component {

    /** The name by which the user knows it. */
    String name();

    /** The log file, for errors. */
    Path log();

    /**
     * Starts and returns when the component serves.
     *
     * @throws InterruptedException if the stack is stopped meanwhile; {@link #stop()} follows
     * @throws Exception if it cannot start; the message says why, in a few words
     */
    void start() throws Exception;

    /** Whether it still runs. Asked only after {@link #start()} has returned. */
    boolean isAlive();

    /** Ends it, forcibly if it does not listen. May be called at any time, and more than once. */
    void stop() throws Exception;
}
