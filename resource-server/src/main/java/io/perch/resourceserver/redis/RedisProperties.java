package io.perch.resourceserver.redis;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where Redis is.
 *
 * @param url such as {@code redis://localhost:6379}; null or empty where instances share nothing
 */
@ConfigurationProperties("perch.redis")
record RedisProperties(@Nullable String url) {}
