package io.perch.resourceserver.operation;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How fast operations go on.
 *
 * @param tasksPerSecond how many tasks of one operation are looked at in a second
 * @param maxRunning how many operations may run at once
 */
@Validated
@ConfigurationProperties("perch.operation")
record OperationProperties(
        @Min(1) @Max(1000) @DefaultValue("20") int tasksPerSecond,
        @Min(1) @Max(1000) @DefaultValue("20") int maxRunning) {}
