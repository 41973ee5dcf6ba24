package io.perch.resourceserver.security;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of what refuses tokens whose session has ended.
 *
 * @param tokenLifetime the longest life of an access token, and so how long an end is remembered; a token that lives longer is
 *     refused
 * @param margin how much longer an end is remembered, and how much further back events are read at the start, for clocks that
 *     are apart and records that were long on their way
 * @param maxEntries how many ends are remembered at once; above that, all tokens issued before are refused in their place
 * @param startPatience how long the start waits for what Kafka has, before it goes by what the database has
 */
@Validated
@ConfigurationProperties("perch.security")
record RevocationProperties(
        @DurationMin(seconds = 1) @DefaultValue("15m") Duration tokenLifetime,
        @DurationMin(seconds = 0) @DefaultValue("2m") Duration margin,
        @Min(1_000) @DefaultValue("1000000") int maxEntries,
        @DurationMin(seconds = 0) @DefaultValue("10s") Duration startPatience) {

    // Keycloak takes the time for iat first and for exp a little later, both in whole seconds
    private static final Duration DATING = Duration.ofSeconds(10);

    /** From {@code iat} to {@code exp}, as tokens of this lifetime say it. */
    Duration longestLife() {
        return tokenLifetime.plus(DATING);
    }

    Duration remembered() {
        return longestLife().plus(margin);
    }
}
