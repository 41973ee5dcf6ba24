package io.perch.resourceserver.ratelimit;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The limits.
 *
 * @param routes the limit of each route, by the route's name, which is also the policy's name in responses
 */
@Validated
@ConfigurationProperties("perch.rate-limit")
record RateLimitProperties(@DefaultValue Map<@Pattern(regexp = "[a-z0-9-]+") String, @Valid Limit> routes) {

    /**
     * One limit.
     *
     * @param requests how many requests a user may send in a window
     * @param window the window, at least a second; tokens are refilled evenly over it
     */
    record Limit(
            @Min(1) @DefaultValue("5") int requests,
            @DurationMin(seconds = 1) @DefaultValue("60s") Duration window) {}
}
