package io.perch.resourceserver.security;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings for the revocation of tokens.
 *
 * @param tokenLifetime the longest lifetime of an access token; a token with a longer lifetime is refused. Revocations are kept
 *     for this time plus {@code margin}
 * @param margin added to the time that revocations are kept, and that events are read back at the start. It covers clock skew and
 *     delayed records
 * @param maxEntries the largest number of revocations in memory; above it, one revocation of all tokens issued until then
 *     replaces them
 * @param startTimeout how long the start waits for events from Kafka; then it continues with the revocations from the database
 */
@Validated
@ConfigurationProperties("perch.security")
record RevocationProperties(
        @DurationMin(seconds = 1) @DefaultValue("15m") Duration tokenLifetime,
        @DurationMin(seconds = 0) @DefaultValue("2m") Duration margin,
        @Min(1_000) @DefaultValue("1000000") int maxEntries,
        @DurationMin(seconds = 0) @DefaultValue("10s") Duration startTimeout) {

    // Keycloak computes iat first and exp a little later, both in whole seconds
    private static final Duration DATING = Duration.ofSeconds(10);

    /** The longest time from {@code iat} to {@code exp} that is accepted. */
    Duration longestLife() {
        return tokenLifetime.plus(DATING);
    }

    Duration remembered() {
        return longestLife().plus(margin);
    }
}
