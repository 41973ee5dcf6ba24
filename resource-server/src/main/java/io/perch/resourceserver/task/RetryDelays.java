package io.perch.resourceserver.task;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Computes the delay before another attempt: doubled each time, limited, and with jitter so that retries do not coincide. */
final class RetryDelays {

    /** X may request any delay. A task never waits longer than this for it, plus jitter. */
    private static final Duration MAX_REQUESTED = Duration.ofHours(24);

    private static final int MAX_DOUBLINGS = 20;

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;

    RetryDelays(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    /**
     * Returns when to try again.
     *
     * @param attempt the attempt that failed, from 1
     * @param now the time
     * @param notBefore when X accepts logins again; null if it did not say
     * @return now plus half to the whole of the delay, at random; not before {@code notBefore}, unless that is more than 24 hours
     *     ahead
     */
    Instant next(int attempt, Instant now, @Nullable Instant notBefore) {
        Instant backedOff = now.plus(jittered(delay(attempt)));
        if (notBefore == null || notBefore.isBefore(backedOff)) {
            return backedOff;
        }
        Instant bound = now.plus(MAX_REQUESTED);
        return (notBefore.isAfter(bound) ? bound : notBefore).plus(jittered(first));
    }

    private Duration delay(int attempt) {
        long doublings = Math.min(Math.max(0, attempt - 1), MAX_DOUBLINGS);
        Duration delay = first.multipliedBy(1L << doublings);
        return delay.compareTo(longest) > 0 ? longest : delay;
    }

    private Duration jittered(Duration delay) {
        long half = delay.toMillis() / 2;
        return Duration.ofMillis(half + random.nextLong(half + 1));
    }
}
