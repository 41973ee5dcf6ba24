package io.perch.resourceserver.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.perch.resourceserver.ratelimit.RateLimitProperties.Limit;
import java.time.Duration;

/** Buckets in this instance's memory. */
final class LocalBuckets implements Buckets {

    private static final int MAX_BUCKETS = 100_000;
    private static final Duration IDLE = Duration.ofHours(1);

    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MAX_BUCKETS)
            .expireAfterAccess(IDLE)
            .build();

    @Override
    public ConsumptionProbe tryConsume(String key, Limit limit) {
        return buckets.get(key, absent -> newBucket(limit)).tryConsumeAndReturnRemaining(1);
    }

    private static Bucket newBucket(Limit limit) {
        return Bucket.builder()
                .addLimit(bandwidth ->
                        bandwidth.capacity(limit.requests()).refillGreedy(limit.requests(), limit.window()))
                .build();
    }
}
