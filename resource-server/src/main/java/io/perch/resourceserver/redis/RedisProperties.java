package io.perch.resourceserver.redis;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of Redis.
 *
 * @param url such as {@code redis://localhost:6379}; null or empty if the instances share nothing
 */
@ConfigurationProperties("perch.redis")
record RedisProperties(@Nullable String url) {}
