package io.perch.console.store;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where sessions are stored.
 *
 * @param redisUrl the Redis of all instances, such as {@code redis://localhost:6379}; null or empty for storage in
 *     memory
 * @param idle how long a session without requests is valid
 */
@Validated
@ConfigurationProperties("perch.sessions")
public record StoreProperties(
        @Nullable String redisUrl,
        @DefaultValue("8h") @DurationMin(minutes = 1) Duration idle) {

    boolean isShared() {
        return redisUrl != null && !redisUrl.isBlank();
    }
}
