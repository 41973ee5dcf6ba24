package io.perch.resourceserver.task;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings for tasks.
 *
 * @param lease how long an instance may run a task before another one may take it over; renewed while it runs
 * @param maxAttempts the largest number of attempts; an answered challenge adds one
 * @param retryDelay the delay after the first failed attempt; doubled after each further one
 * @param maxRetryDelay the longest delay, unless X requires a longer one
 * @param challengeTimeout how long a challenge waits for its code
 * @param wrongCodes the number of wrong codes that fails a login
 * @param idempotencyWindow how long an {@code Idempotency-Key} is remembered
 * @param keep how long a final task is kept; not shorter than {@code idempotencyWindow}
 * @param maxSubmissions how many submissions this instance stores at once; more are refused with 503
 * @param maxBacklogAge how long the most overdue task may wait before new submissions are refused with 503
 */
@Validated
@ConfigurationProperties("perch.task")
record TaskProperties(
        @DurationMin(seconds = 3) @DefaultValue("60s") Duration lease,
        @Min(1) @DefaultValue("8") int maxAttempts,
        @DefaultValue("2s") Duration retryDelay,
        @DefaultValue("5m") Duration maxRetryDelay,
        @DefaultValue("10m") Duration challengeTimeout,
        @Min(1) @DefaultValue("3") int wrongCodes,
        @DefaultValue("24h") Duration idempotencyWindow,
        @DefaultValue("90d") Duration keep,
        @Min(1) @DefaultValue("256") int maxSubmissions,
        @DurationMin(seconds = 1) @DefaultValue("15m") Duration maxBacklogAge) {

    /** Returns whether a task is kept at least as long as its idempotency key. */
    @AssertTrue(message = "must not be shorter than 'idempotency-window'")
    boolean isKeep() {
        return keep.compareTo(idempotencyWindow) >= 0;
    }
}
