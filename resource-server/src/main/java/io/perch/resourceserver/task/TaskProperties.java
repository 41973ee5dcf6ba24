package io.perch.resourceserver.task;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How long a task is left alone, and how often it is tried.
 *
 * @param publishWithin how long a task that was published may wait to be claimed before it is published again
 * @param lease how long an instance may run a task before another one may take it over; renewed while it runs
 * @param maxAttempts how often a login is begun at most; an answered challenge gives one more
 * @param retryDelay how long to wait after the first failed attempt; doubled after each further one
 * @param maxRetryDelay how long to wait at most, unless the other side named a time
 * @param challengeTimeout how long a challenge waits for its code
 * @param wrongCodes how many wrong codes end a login
 * @param idempotencyWindow how long an {@code Idempotency-Key} is remembered
 */
@Validated
@ConfigurationProperties("perch.task")
record TaskProperties(
        @DefaultValue("15s") Duration publishWithin,
        @DefaultValue("60s") Duration lease,
        @Min(1) @DefaultValue("8") int maxAttempts,
        @DefaultValue("2s") Duration retryDelay,
        @DefaultValue("5m") Duration maxRetryDelay,
        @DefaultValue("10m") Duration challengeTimeout,
        @Min(1) @DefaultValue("3") int wrongCodes,
        @DefaultValue("24h") Duration idempotencyWindow) {}
