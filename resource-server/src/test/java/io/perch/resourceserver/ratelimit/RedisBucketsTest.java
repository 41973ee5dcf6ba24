package io.perch.resourceserver.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perch.resourceserver.ratelimit.RateLimitProperties.Limit;
import io.perch.resourceserver.redis.Redis;
import io.perch.resourceserver.redis.TestRedis;
import io.perch.resourceserver.web.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import redis.embedded.RedisServer;

/** Limits with a real Redis. */
class RedisBucketsTest {

    private static final Map<String, Limit> ROUTES = Map.of("login", new Limit(2, Duration.ofMinutes(10)));

    private final TestRedis address = new TestRedis();
    private final String url = address.url();
    private final Logger log = (Logger) LoggerFactory.getLogger("io.perch.resourceserver.redis");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private RedisServer redis = address.server();

    @BeforeEach
    void listen() {
        logged.start();
        log.setLevel(Level.INFO);
        log.addAppender(logged);
    }

    @AfterEach
    void stop() throws IOException {
        log.detachAppender(logged);
        redis.stop();
    }

    @Test
    void instancesShareLimitsAndCountAloneWithoutRedis() throws IOException {
        redis.start();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        SimpleMeterRegistry otherMeters = new SimpleMeterRegistry();
        try (Redis one = Redis.at(url, meters);
                Redis two = Redis.at(url, otherMeters)) {
            RateLimits first = limits(one, meters);
            RateLimits second = limits(two, otherMeters);
            awaitRedis(first, meters);
            awaitRedis(second, otherMeters);
            assertThat(left(first, "alice")).startsWith("\"login\";r=1;t=");
            assertThat(left(second, "alice")).startsWith("\"login\";r=0;t=");
            refuses(first, "alice");
            refuses(second, "alice");
            first.consume("login", "bob");
            assertThat(away(meters)).isZero();
            assertThat(refused(meters)).isOne();

            redis.stop();

            first.consume("login", "alice");
            first.consume("login", "alice");
            refuses(first, "alice");
            second.consume("login", "alice");
            assertThat(away(meters)).isOne();
            assertThat(refused(meters)).isEqualTo(2);
        }
    }

    @Test
    void limitsAreSharedAgainWhenRedisIsBackAndEachChangeIsLoggedOnce() throws IOException {
        redis.start();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (Redis instance = Redis.at(url, meters)) {
            RateLimits limits = limits(instance, meters);
            awaitRedis(limits, meters);
            logged.list.clear();

            redis.stop();
            for (int i = 0; i < 20; i++) {
                limits.consume("login", "user-" + i);
            }
            assertThat(away(meters)).isOne();
            assertThat(logged.list).hasSize(1).first().asString().contains("Redis is unavailable");

            redis = address.server();
            redis.start();
            // This needs no request
            await().atMost(Duration.ofSeconds(10)).until(() -> away(meters) == 0);

            assertThat(logged.list).hasSize(2).last().asString().contains("Redis is back");

            SimpleMeterRegistry otherMeters = new SimpleMeterRegistry();
            try (Redis other = Redis.at(url, otherMeters)) {
                RateLimits others = limits(other, otherMeters);
                awaitRedis(others, otherMeters);
                limits.consume("login", "carol");
                others.consume("login", "carol");
                refuses(limits, "carol");
            }
        }
    }

    @Test
    void aRedisThatStartsLaterIsUsed() throws IOException {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (Redis instance = Redis.at(url, meters)) {
            RateLimits limits = limits(instance, meters);
            limits.consume("login", "alice");
            limits.consume("login", "alice");
            refuses(limits, "alice");
            assertThat(away(meters)).isOne();

            redis.start();

            awaitRedis(limits, meters);
        }
        assertThat(logged.list).hasSize(2);
    }

    @Test
    void aRequestNeedsOneRoundTrip() throws IOException {
        redis.start();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (Redis instance = Redis.at(url, meters);
                RedisClient client = RedisClient.create(url);
                StatefulRedisConnection<String, String> connection = client.connect()) {
            RateLimits limits = limits(instance, meters);
            awaitRedis(limits, meters);
            long before = reads(connection);
            for (int i = 0; i < 50; i++) {
                limits.consume("login", "user-" + i);
            }
            // INFO is a read too
            assertThat(reads(connection) - before).isEqualTo(50 + 1);
        }
    }

    /** How often Redis has read from a client. Commands of a script are not counted. */
    private static long reads(StatefulRedisConnection<String, String> connection) {
        return connection
                .sync()
                .info("stats")
                .lines()
                .filter(line -> line.startsWith("total_reads_processed:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .sum();
    }

    @Test
    void requestsAreRefilledOneByOne() throws IOException {
        redis.start();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Map<String, Limit> routes = Map.of(
                "fast", new Limit(10, Duration.ofSeconds(1)),
                "odd", new Limit(7, Duration.ofMinutes(1)),
                "endless", new Limit(100_000_000, Duration.ofMinutes(1)));
        try (Redis instance = Redis.at(url, meters)) {
            RateLimits limits = new RateLimits(new RedisBuckets(instance, new LocalBuckets()), routes, meters);
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                limits.consume("endless", "user");
                return away(meters) == 0;
            });
            for (int left = 6; left >= 0; left--) {
                assertThat(limits.consume("odd", "alice").headers().getFirst("RateLimit"))
                        .startsWith("\"odd\";r=" + left + ";t=");
            }
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> limits.consume("odd", "alice"))
                    .satisfies(problem -> assertThat(problem.getHeaders().getFirst("Retry-After"))
                            .isEqualTo("9"));
            for (int i = 0; i < 1000; i++) {
                limits.consume("endless", "bob");
            }

            for (int i = 0; i < 10; i++) {
                limits.consume("fast", "carol");
            }
            await().atMost(Duration.ofSeconds(5)).ignoreExceptions().until(() -> {
                limits.consume("fast", "carol");
                return true;
            });
        }
    }

    private static RateLimits limits(Redis redis, SimpleMeterRegistry meters) {
        return new RateLimits(new RedisBuckets(redis, new LocalBuckets()), ROUTES, meters);
    }

    // The first request opens the connection, which may take longer than a request waits for Redis
    private static void awaitRedis(RateLimits limits, SimpleMeterRegistry meters) {
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            limits.consume("login", "user-" + System.nanoTime());
            return away(meters) == 0;
        });
    }

    private static @Nullable String left(RateLimits limits, String user) {
        return limits.consume("login", user).headers().getFirst("RateLimit");
    }

    private static void refuses(RateLimits limits, String user) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> limits.consume("login", user))
                .satisfies(problem ->
                        assertThat(problem.getHeaders().getFirst("Retry-After")).isNotNull());
    }

    private static double away(SimpleMeterRegistry meters) {
        return meters.get("perch.ratelimit.redis.away").gauge().value();
    }

    private static double refused(SimpleMeterRegistry meters) {
        return meters.get("perch.ratelimit.refused")
                .tag("route", "login")
                .counter()
                .count();
    }
}
