package io.perch.resourceserver.mongo;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits for MongoDB operations.
 *
 * @param timeout the longest time of one operation, including the wait for a connection
 * @param connections the largest number of connections; lease renewal has two more
 * @param indexRetry the delay before a failed index is tried again
 */
@Validated
@ConfigurationProperties("perch.mongo")
record MongoProperties(
        @DurationMin(millis = 100) @DefaultValue("5s") Duration timeout,
        @Min(2) @DefaultValue("100") int connections,
        @DurationMin(millis = 100) @DefaultValue("5s") Duration indexRetry) {}
