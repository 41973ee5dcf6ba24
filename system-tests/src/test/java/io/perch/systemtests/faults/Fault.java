package io.perch.systemtests.faults;

import java.time.Duration;

/**
 * A fault of the system. Some faults are repaired.
 *
 * @param name the name in the table
 * @param inject causes the fault
 * @param lasting how long it lasts
 * @param repair ends the fault
 * @param mayRefuse whether clients may get 503 meanwhile. Only if the database is unavailable
 */
record Fault(String name, Action inject, Duration lasting, Action repair, boolean mayRefuse) {

    /** A change of the system. */
    @FunctionalInterface
    interface Action {
        void to(SystemUnderTest system) throws Exception;
    }

    /** A fault that is not repaired. */
    static Fault forGood(String name, Action inject) {
        return new Fault(name, inject, Duration.ZERO, system -> {}, false);
    }

    static Fault lasting(Duration time, String name, Action inject, Action repair) {
        return new Fault(name, inject, time, repair, false);
    }

    Fault refusing() {
        return new Fault(name, inject, lasting, repair, true);
    }
}
