package io.perch.resourceserver.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.mongo.DatabaseTime.Reading;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DatabaseTimeTest {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    @Test
    void anEquallyExactReadingReplacesTheLastOne() {
        assertThat(after(TEN_SECONDS, 0, 1).replaces(exact())).isTrue();
    }

    @Test
    void aLessExactReadingDoesNotReplaceAConsistentOne() {
        assertThat(after(TEN_SECONDS, 300, 400).replaces(exact())).isFalse();
    }

    @Test
    void aContradictingReadingReplacesTheLastOne() {
        assertThat(after(TEN_SECONDS, 60_000, 400).replaces(exact())).isTrue();
        assertThat(after(TEN_SECONDS, -60_000, 400).replaces(exact())).isTrue();
    }

    @Test
    void aReadingLosesPrecisionByClockDrift() {
        assertThat(after(Duration.ofMinutes(1), 0, 20).replaces(exact())).isFalse();
        assertThat(after(Duration.ofMinutes(5), 0, 20).replaces(exact())).isTrue();
    }

    private static Reading exact() {
        return new Reading(BEGIN, 0, Duration.ofMillis(1).toNanos());
    }

    /** A later reading. Its time differs by this many milliseconds from the time that the earlier reading predicts. */
    private static Reading after(Duration age, long offMillis, long errorMillis) {
        return new Reading(
                BEGIN.plus(age).plusMillis(offMillis),
                age.toNanos(),
                Duration.ofMillis(errorMillis).toNanos());
    }
}
