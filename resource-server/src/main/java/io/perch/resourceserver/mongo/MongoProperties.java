package io.perch.resourceserver.mongo;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Bounds of what is asked of MongoDB.
 *
 * @param timeout how long one operation may take, with the wait for a connection in it
 * @param connections how many connections the server opens at most; lease renewal has two more
 * @param indexRetry how long to wait before an index that could not be made is tried again
 */
@Validated
@ConfigurationProperties("perch.mongo")
record MongoProperties(
        @DurationMin(millis = 100) @DefaultValue("5s") Duration timeout,
        @Min(2) @DefaultValue("100") int connections,
        @DurationMin(millis = 100) @DefaultValue("5s") Duration indexRetry) {}
