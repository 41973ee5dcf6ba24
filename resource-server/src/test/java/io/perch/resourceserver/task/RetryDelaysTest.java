package io.perch.resourceserver.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RetryDelaysTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final RetryDelays delays = new RetryDelays(Duration.ofSeconds(2), LONGEST, RandomGenerator.getDefault());

    @Property
    void theDelayDoublesUpToItsLimitWithJitter(@ForAll @IntRange(min = 1) int attempt) {
        double whole = Math.min((double) LONGEST.toMillis(), 2_000 * Math.pow(2, attempt - 1));

        Duration delay = Duration.between(NOW, delays.next(attempt, NOW, null));

        assertThat(delay.toMillis()).isBetween((long) (whole / 2), (long) whole);
    }

    @Test
    void aGivenRetryTimeIsRespected() {
        Instant named = NOW.plusSeconds(3_600);

        assertThat(delays.next(1, NOW, named)).isBetween(named, named.plusSeconds(2));
    }

    @Test
    void aRetryTimeInThePastIsIgnored() {
        assertThat(delays.next(1, NOW, NOW.minusSeconds(60))).isBetween(NOW.plusSeconds(1), NOW.plusSeconds(2));
    }

    @Test
    void theDelayIsLimitedToADay() {
        assertThat(delays.next(1, NOW, Instant.MAX)).isBefore(NOW.plus(Duration.ofHours(25)));
    }
}
