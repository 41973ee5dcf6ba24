package io.perch.resourceserver.ratelimit;

import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.redis.Redis;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of the rate limits. */
@Configuration(proxyBeanMethods = false)
class RateLimitConfiguration {

    @Bean
    Buckets buckets(Redis redis) {
        return new RedisBuckets(redis, new LocalBuckets());
    }

    @Bean
    RateLimits rateLimits(Buckets buckets, RateLimitProperties properties, MeterRegistry meters) {
        return new RateLimits(buckets, properties.routes(), meters);
    }
}
