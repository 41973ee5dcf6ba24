package io.perch.localstack;

import java.nio.file.Path;

/** One server of the stack. */
interface Component {

    /** The name of the component in the console's output. */
    String name();

    /** The log file. Error messages contain its path. */
    Path log();

    /**
     * Starts the component. Returns when it can be used.
     *
     * @throws InterruptedException if the stack is stopped during the start; {@link #stop()} is called afterwards
     * @throws Exception if it cannot start; the message is a short reason
     */
    void start() throws Exception;

    /** Whether it still runs. Called only after {@link #start()} has returned. */
    boolean isAlive();

    /** Stops it. If it does not stop, it is killed. May be called at any time, and more than once. */
    void stop() throws Exception;
}
