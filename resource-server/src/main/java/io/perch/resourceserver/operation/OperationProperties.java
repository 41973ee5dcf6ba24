package io.perch.resourceserver.operation;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The rate of operations, and how long they are kept.
 *
 * @param tasksPerSecond how many tasks of one operation are processed per second
 * @param maxRunning the largest number of running operations
 * @param keep how long an operation is kept after its end
 */
@Validated
@ConfigurationProperties("perch.operation")
record OperationProperties(
        @Min(1) @Max(1000) @DefaultValue("20") int tasksPerSecond,
        @Min(1) @Max(1000) @DefaultValue("20") int maxRunning,
        @DurationMin(seconds = 1) @DefaultValue("90d") Duration keep) {}
