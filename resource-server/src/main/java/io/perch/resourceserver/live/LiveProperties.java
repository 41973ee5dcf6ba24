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
 * @param streamsPerUser how many streams a user may have open at one instance
 * @param streams how many streams one instance has open; below {@code server.tomcat.max-connections}, so that other
 *     calls still get through
 * @param queue how many events wait for a client that does not read them; then its stream ends
 * @param heartbeat how long a stream may be silent; shorter than what proxies, and the server's write timeout, allow
 * @param rereadInterval how often the tasks are read again that clients believe to be open
 * @param maxAge how long a stream may last
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
