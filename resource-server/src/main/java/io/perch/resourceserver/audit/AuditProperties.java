package io.perch.resourceserver.audit;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the audit trail.
 *
 * @param keep how long a line is kept
 * @param sweepInterval how often an instance removes older lines
 * @param patience how long a request waits, at most, until its line is written
 * @param queue how many lines wait while the database is unavailable; what comes then goes to the log
 */
@Validated
@ConfigurationProperties("perch.audit")
record AuditProperties(
        @DurationMin(seconds = 1) @DefaultValue("90d") Duration keep,
        @DurationMin(millis = 100) @DefaultValue("10m") Duration sweepInterval,
        @DurationMin(millis = 0) @DefaultValue("250ms") Duration patience,
        @Min(1) @DefaultValue("10000") int queue) {}
