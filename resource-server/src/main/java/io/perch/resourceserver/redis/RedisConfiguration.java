package io.perch.resourceserver.redis;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Connects to Redis at the first use. */
@Configuration(proxyBeanMethods = false)
class RedisConfiguration {

    @Bean
    Redis redis(RedisProperties properties, MeterRegistry meters) {
        String url = properties.url();
        return url == null || url.isBlank() ? Redis.none() : Redis.at(url, meters);
    }
}
