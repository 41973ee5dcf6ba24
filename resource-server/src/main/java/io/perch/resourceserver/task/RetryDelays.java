package io.perch.resourceserver.task;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How long to wait before another attempt: doubled each time, bounded, and scattered so that tasks do not come back in step. */
final class RetryDelays {

    /** The other side may name any time; a task is not put to sleep for longer than this. */
    private static final Duration LONGEST_NAMED = Duration.ofHours(24);

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
     * @param notBefore when the other side will listen again; null where it did not say
     * @return between half the delay and the whole of it from now on; where the other side named a time, not before it
     */
    Instant next(int attempt, Instant now, @Nullable Instant notBefore) {
        Instant backedOff = now.plus(scattered(delay(attempt)));
        if (notBefore == null || notBefore.isBefore(backedOff)) {
            return backedOff;
        }
        Instant bound = now.plus(LONGEST_NAMED);
        return (notBefore.isAfter(bound) ? bound : notBefore).plus(scattered(first));
    }

    private Duration delay(int attempt) {
        long doublings = Math.min(Math.max(0, attempt - 1), MAX_DOUBLINGS);
        Duration delay = first.multipliedBy(1L << doublings);
        return delay.compareTo(longest) > 0 ? longest : delay;
    }

    private Duration scattered(Duration delay) {
        long half = delay.toMillis() / 2;
        return Duration.ofMillis(half + random.nextLong(half + 1));
    }
}
