package io.perch.resourceserver.ratelimit;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Chooses where the buckets are. */
@Configuration(proxyBeanMethods = false)
class RateLimitConfiguration {

    @Bean
    Buckets buckets(RateLimitProperties properties, MeterRegistry meters) {
        Buckets local = new LocalBuckets();
        String redisUrl = properties.redisUrl();
        return redisUrl == null || redisUrl.isBlank() ? local : new RedisBuckets(redisUrl, local, meters);
    }

    @Bean
    RateLimits rateLimits(Buckets buckets, RateLimitProperties properties, MeterRegistry meters) {
        return new RateLimits(buckets, properties.routes(), meters);
    }
}
