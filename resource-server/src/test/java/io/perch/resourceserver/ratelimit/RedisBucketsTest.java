package io.perch.resourceserver.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.perch.resourceserver.ratelimit.RateLimitProperties.Limit;
import io.perch.resourceserver.web.ProblemException;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

/** Limits on a real Redis. */
class RedisBucketsTest {

    private static final Map<String, Limit> ROUTES = Map.of("login", new Limit(2, Duration.ofMinutes(10)));

    @Test
    void allInstancesCountTogetherAndEachForItselfWhileRedisIsAway() throws IOException {
        int port = freePort();
        RedisServer redis = RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .build();
        redis.start();
        String url = "redis://127.0.0.1:" + port;
        try (RedisBuckets one = new RedisBuckets(url, new LocalBuckets());
                RedisBuckets two = new RedisBuckets(url, new LocalBuckets())) {
            RateLimits first = new RateLimits(one, ROUTES);
            RateLimits second = new RateLimits(two, ROUTES);
            first.consume("login", "alice");
            second.consume("login", "alice");
            refuses(first, "alice");
            refuses(second, "alice");
            first.consume("login", "bob");

            redis.stop();

            first.consume("login", "alice");
            first.consume("login", "alice");
            refuses(first, "alice");
            second.consume("login", "alice");
        } finally {
            redis.stop();
        }
    }

    @Test
    void aRouteWithoutALimitIsFree() {
        RateLimits limits = new RateLimits(new LocalBuckets(), Map.of());

        assertThatNoException().isThrownBy(() -> {
            for (int i = 0; i < 100; i++) {
                limits.consume("free", "alice");
            }
        });
    }

    private static void refuses(RateLimits limits, String user) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> limits.consume("login", user))
                .satisfies(problem ->
                        assertThat(problem.getHeaders().getFirst("Retry-After")).isNotNull());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
