package io.perch.resourceserver.twitter;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the simulator.
 *
 * @param latency duration of a login
 * @param slowLatency duration of the login of a {@code slow_} user
 * @param limitedFor how long a {@code limited_} user has to wait
 */
@ConfigurationProperties("perch.simulator")
record SimulatorProperties(
        @DefaultValue("100ms") Duration latency,
        @DefaultValue("5s") Duration slowLatency,
        @DefaultValue("60s") Duration limitedFor) {}
