package io.perch.resourceserver.user;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the user projection.
 *
 * @param eraseInterval how often an instance looks for unfinished erasures
 * @param firstRevisitAfter when to search for remaining data of a deleted user; longer than a lease
 * @param revisitAfter when to search once more; longer than the lifetime of an access token plus a request
 */
@Validated
@ConfigurationProperties("perch.user")
record UserProperties(
        @DurationMin(millis = 100) @DefaultValue("10s") Duration eraseInterval,
        @DurationMin(millis = 100) @DefaultValue("90s") Duration firstRevisitAfter,
        @DurationMin(millis = 100) @DefaultValue("20m") Duration revisitAfter) {}
