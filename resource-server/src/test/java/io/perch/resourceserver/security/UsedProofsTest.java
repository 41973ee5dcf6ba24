package io.perch.resourceserver.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perch.resourceserver.redis.Redis;
import io.perch.resourceserver.redis.TestRedis;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.DPoPProofReplayValidator.CacheValue;
import redis.embedded.RedisServer;

/** Used proofs with a real Redis. */
class UsedProofsTest {

    private final TestRedis address = new TestRedis();
    private final String url = address.url();
    private final RedisServer server = address.server();

    @AfterEach
    void stop() throws IOException {
        server.stop();
    }

    @Test
    void aProofWorksOnceForAllInstances() throws IOException {
        server.start();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        SimpleMeterRegistry otherMeters = new SimpleMeterRegistry();
        try (Redis redis = Redis.at(url, meters);
                Redis other = Redis.at(url, otherMeters)) {
            UsedProofs one = new UsedProofs(redis);
            UsedProofs two = new UsedProofs(other);
            awaitRedis(one, meters);
            awaitRedis(two, otherMeters);

            assertThat(isFirst(one, "a", "key")).isTrue();
            assertThat(isFirst(one, "a", "key")).isFalse();
            assertThat(isFirst(two, "a", "key")).isFalse();
            assertThat(isFirst(two, "a", "another key")).isTrue();
            assertThat(isFirst(two, "b", "key")).isTrue();
            assertThat(isFirst(one, "b", "key")).isFalse();
        }
    }

    @Test
    void withoutRedisAnInstanceRemembersItsUsedProofs() throws IOException {
        server.start();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (Redis redis = Redis.at(url, meters)) {
            UsedProofs proofs = new UsedProofs(redis);
            awaitRedis(proofs, meters);
            assertThat(isFirst(proofs, "before", "key")).isTrue();

            server.stop();

            assertThat(isFirst(proofs, "before", "key")).isFalse();
            assertThat(isFirst(proofs, "meanwhile", "key")).isTrue();
            assertThat(isFirst(proofs, "meanwhile", "key")).isFalse();
            assertThat(away(meters)).isOne();
        }
    }

    @Test
    void anInstanceWithoutConfiguredRedisRemembersUsedProofs() {
        try (Redis none = Redis.none()) {
            UsedProofs proofs = new UsedProofs(none);

            assertThat(isFirst(proofs, "a", "key")).isTrue();
            assertThat(isFirst(proofs, "a", "key")).isFalse();
        }
    }

    private static boolean isFirst(UsedProofs proofs, String jti, String key) {
        Instant now = Instant.now();
        return proofs.putIfAbsent(jti, new CacheValue(now, now.plusSeconds(30), key)) == null;
    }

    // The first request opens the connection, which may take longer than a request waits for Redis
    private static void awaitRedis(UsedProofs proofs, SimpleMeterRegistry meters) {
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            isFirst(proofs, "probe-" + System.nanoTime(), "key");
            return away(meters) == 0;
        });
    }

    private static double away(SimpleMeterRegistry meters) {
        return meters.get("perch.ratelimit.redis.away").gauge().value();
    }
}
