package io.perch.resourceserver.ratelimit;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.perch.resourceserver.ratelimit.RateLimitProperties.Limit;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts what users do, and stops them when it is too much. */
public final class RateLimits {

    private final Buckets buckets;
    private final Map<String, BucketConfiguration> routes;

    RateLimits(Buckets buckets, Map<String, Limit> routes) {
        this.buckets = buckets;
        this.routes = routes.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> configuration(entry.getValue())));
    }

    /**
     * Counts one request.
     *
     * @param route the route's name in {@code perch.rate-limit.routes}; a route that is not there has no limit
     * @param user whose request it is
     * @throws ProblemException 429 with {@code Retry-After} if it is one too many
     */
    public void consume(String route, String user) {
        BucketConfiguration configuration = routes.get(route);
        if (configuration == null) {
            return;
        }
        ConsumptionProbe probe = buckets.tryConsume(route + ':' + user, configuration);
        if (!probe.isConsumed()) {
            throw new ProblemException(ProblemType.TOO_MANY_REQUESTS, "Slow down: this is more than the limit allows")
                    .retryAfter(Duration.ofNanos(probe.getNanosToWaitForRefill()));
        }
    }

    private static BucketConfiguration configuration(Limit limit) {
        return BucketConfiguration.builder()
                .addLimit(bandwidth ->
                        bandwidth.capacity(limit.requests()).refillGreedy(limit.requests(), limit.window()))
                .build();
    }
}
