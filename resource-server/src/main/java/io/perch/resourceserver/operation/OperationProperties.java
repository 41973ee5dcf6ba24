package io.perch.resourceserver.operation;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How fast operations go on, and how long they are kept.
 *
 * @param tasksPerSecond how many tasks of one operation are looked at in a second
 * @param maxRunning how many operations may run at once
 * @param keep how long an operation is kept after its end
 */
@Validated
@ConfigurationProperties("perch.operation")
record OperationProperties(
        @Min(1) @Max(1000) @DefaultValue("20") int tasksPerSecond,
        @Min(1) @Max(1000) @DefaultValue("20") int maxRunning,
        @DurationMin(seconds = 1) @DefaultValue("90d") Duration keep) {}
