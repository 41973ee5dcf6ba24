package io.perch.resourceserver.user;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the projection of users.
 *
 * @param eraseInterval how often an instance looks for erasures that are not finished
 * @param firstRevisitAfter when everything of a deleted user is looked through again; longer than a lease
 * @param revisitAfter when everything of a deleted user is looked through once again; longer than an access token lives, and a
 *     request lasts
 */
@Validated
@ConfigurationProperties("perch.user")
record UserProperties(
        @DurationMin(millis = 100) @DefaultValue("10s") Duration eraseInterval,
        @DurationMin(millis = 100) @DefaultValue("90s") Duration firstRevisitAfter,
        @DurationMin(millis = 100) @DefaultValue("20m") Duration revisitAfter) {}
