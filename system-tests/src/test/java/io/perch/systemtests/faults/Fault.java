package io.perch.systemtests.faults;

import java.time.Duration;

/**
 * Something that breaks, and may be mended.
 *
 * @param name for the table
 * @param strike breaks it
 * @param lasting how long it stays so
 * @param heal mends it
 * @param mayRefuse whether clients may be told 503 meanwhile: only where the database is unavailable
 */
record Fault(String name, Deed strike, Duration lasting, Deed heal, boolean mayRefuse) {

    /** What is done to a system. */
    @FunctionalInterface
    interface Deed {
        void to(FragileSystem system) throws Exception;
    }

    /** A fault that nobody mends. */
    static Fault forGood(String name, Deed strike) {
        return new Fault(name, strike, Duration.ZERO, system -> {}, false);
    }

    static Fault lasting(Duration time, String name, Deed strike, Deed heal) {
        return new Fault(name, strike, time, heal, false);
    }

    Fault refusing() {
        return new Fault(name, strike, lasting, heal, true);
    }
}
