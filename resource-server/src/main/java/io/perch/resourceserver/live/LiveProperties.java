package io.perch.resourceserver.live;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the event streams.
 *
 * @param streamsPerUser the largest number of open streams per user and instance
 * @param streams the largest number of open streams per instance; below {@code server.tomcat.max-connections}, so that other
 *     requests can still connect
 * @param queue how many events may wait for a client that does not read; above it, the stream ends
 * @param heartbeat the longest time without data; shorter than the timeouts of proxies and the server's write timeout
 * @param rereadInterval how often tasks are read again that are not final in the state that clients have
 * @param maxAge the largest age of a stream
 */
@Validated
@ConfigurationProperties("perch.live")
record LiveProperties(
        @Min(1) @DefaultValue("10") int streamsPerUser,
        @Min(1) @DefaultValue("10000") int streams,

        @Min(2 * LiveStreams.SNAPSHOT) @Max(100_000) @DefaultValue("256")
        int queue,

        @DurationMin(seconds = 1) @DefaultValue("15s") Duration heartbeat,
        @DurationMin(millis = 100) @DefaultValue("30s") Duration rereadInterval,
        @DurationMin(seconds = 1) @DefaultValue("1h") Duration maxAge) {}
