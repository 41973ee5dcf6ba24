package io.perch.resourceserver.task;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long a task is left alone.
 *
 * @param publishWithin how long a new task may wait to be claimed before it is published again
 * @param lease how long an instance may run a task before another one may take it over
 */
@ConfigurationProperties("perch.task")
record TaskProperties(
        @DefaultValue("15s") Duration publishWithin,
        @DefaultValue("60s") Duration lease) {}
