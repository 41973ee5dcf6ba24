package io.perch.keycloak.legacy;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;

/** The number and duration of lookups in old databases, at Keycloak's {@code /metrics}. */
final class LookupMetrics {

    /** The result of a lookup. */
    enum Result {
        FOUND,
        NOT_FOUND,
        /** Several rows match, so none is a user. */
        AMBIGUOUS,
        /** The database did not answer in time, or its answer was an error. */
        UNAVAILABLE;

        /** The result of a query that returned a number of rows. */
        static Result of(int rows) {
            return switch (rows) {
                case 0 -> NOT_FOUND;
                case 1 -> FOUND;
                default -> AMBIGUOUS;
            };
        }
    }

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(20),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10)
    };

    /** Registers the timers, which start at zero. */
    LookupMetrics() {
        for (Result result : Result.values()) {
            timer(result);
        }
    }

    /** Records a lookup that has begun at a value of {@link System#nanoTime}. */
    void record(Result result, long begun) {
        timer(result).record(Duration.ofNanos(System.nanoTime() - begun));
    }

    private static Timer timer(Result result) {
        return Timer.builder("perch.legacy.lookups")
                .description("Lookups of users in old databases")
                .tag("result", result.name().toLowerCase(Locale.ROOT))
                .serviceLevelObjectives(BUCKETS)
                .register(Metrics.globalRegistry);
    }
}
