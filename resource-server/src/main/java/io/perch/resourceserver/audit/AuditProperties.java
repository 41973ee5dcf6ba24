package io.perch.resourceserver.audit;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the audit log.
 *
 * @param keep how long a line is kept
 * @param sweepInterval how often an instance deletes older lines
 * @param maxWait the longest time that a request waits until its line is stored
 * @param queue how many lines may wait while the database is unavailable; further lines are written to the server's log
 */
@Validated
@ConfigurationProperties("perch.audit")
record AuditProperties(
        @DurationMin(seconds = 1) @DefaultValue("90d") Duration keep,
        @DurationMin(millis = 100) @DefaultValue("10m") Duration sweepInterval,
        @DurationMin(millis = 0) @DefaultValue("250ms") Duration maxWait,
        @Min(1) @DefaultValue("10000") int queue) {}
