package io.perch.resourceserver.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bucket4j.ConsumptionProbe;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perch.resourceserver.ratelimit.RateLimitProperties.Limit;
import io.perch.resourceserver.web.ProblemException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

/** The fields of draft-ietf-httpapi-ratelimit-headers. */
class AllowanceTest {

    private static final Limit FIVE_A_MINUTE = new Limit(5, Duration.ofMinutes(1));

    @Test
    void theHeadersHaveThePolicyTheRemainderAndTheResetTime() {
        // Two requests are used. The first one was 9 seconds ago. One comes back every 12 seconds, so the next one in 3
        // seconds
        HttpHeaders headers = headers(ConsumptionProbe.consumed(3, seconds(15)));

        assertThat(headers.headerSet()).hasSize(2);
        assertThat(headers.getFirst("RateLimit-Policy")).isEqualTo("\"twitter-login\";q=5;w=60");
        assertThat(headers.getFirst("RateLimit")).isEqualTo("\"twitter-login\";r=3;t=3");
    }

    @Test
    void timesAreRoundedUpToSeconds() {
        assertThat(headers(ConsumptionProbe.consumed(4, seconds(12) - 1)).getFirst("RateLimit"))
                .endsWith(";r=4;t=12");
        assertThat(headers(ConsumptionProbe.consumed(4, 1)).getFirst("RateLimit"))
                .endsWith(";r=4;t=1");
        assertThat(headers(ConsumptionProbe.consumed(0, seconds(60))).getFirst("RateLimit"))
                .endsWith(";r=0;t=12");
        assertThat(Allowance.of("p", new Limit(1, Duration.ofMillis(1500)), ConsumptionProbe.consumed(0, seconds(1)))
                        .headers()
                        .getFirst("RateLimit-Policy"))
                .isEqualTo("\"p\";q=1;w=2");
    }

    @Test
    void aFullBucketHasNoResetTime() {
        assertThat(headers(ConsumptionProbe.consumed(5, 0)).getFirst("RateLimit"))
                .isEqualTo("\"twitter-login\";r=5");
    }

    @Test
    void aRefusalHasTheSameHeadersAndAMatchingRetryAfter() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        RateLimits limits = new RateLimits(
                (key, configuration) -> ConsumptionProbe.rejected(0, seconds(7) + 1, seconds(55) + 1),
                Map.of("twitter-login", FIVE_A_MINUTE),
                meters);

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> limits.consume("twitter-login", "alice"))
                .satisfies(refusal -> {
                    HttpHeaders headers = refusal.getHeaders();
                    assertThat(headers.getFirst("Retry-After")).isEqualTo("8");
                    assertThat(headers.getFirst("RateLimit")).isEqualTo("\"twitter-login\";r=0;t=8");
                    assertThat(headers.getFirst("RateLimit-Policy")).isEqualTo("\"twitter-login\";q=5;w=60");
                });
        assertThat(meters.get("perch.ratelimit.refused")
                        .tag("route", "twitter-login")
                        .counter()
                        .count())
                .isOne();
    }

    @Test
    void aRouteWithoutALimitHasNoHeaders() {
        RateLimits limits = new RateLimits(new LocalBuckets(), Map.of(), new SimpleMeterRegistry());

        for (int i = 0; i < 100; i++) {
            assertThat(limits.consume("free", "alice").headers().isEmpty()).isTrue();
        }
    }

    @Test
    void aRealBucketCountsDown() {
        RateLimits limits = new RateLimits(
                new LocalBuckets(), Map.of("login", new Limit(3, Duration.ofHours(1))), new SimpleMeterRegistry());

        for (int left = 2; left >= 0; left--) {
            assertThat(limits.consume("login", "alice").headers().getFirst("RateLimit"))
                    .isEqualTo("\"login\";r=%d;t=1200".formatted(left));
        }
    }

    private static HttpHeaders headers(ConsumptionProbe probe) {
        return Allowance.of("twitter-login", FIVE_A_MINUTE, probe).headers();
    }

    private static long seconds(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }
}
