package io.perch.resourceserver.pipeline;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the pipeline.
 *
 * @param topic the topic of claimable tasks; its dead-letter topic has the suffix {@code .DLT}
 * @param eventsTopic the topic of task changes, which every instance reads
 * @param partitions partitions of a topic that is created; at least the number of instances
 * @param replicas replicas of a topic that is created; -1 for the broker's default
 * @param concurrency the largest number of concurrent logins per instance
 * @param listeners consumer threads per instance
 * @param pollInterval the longest time between polls for due tasks; the shortest is half of it
 * @param renewInterval time between renewals of the leases of running logins; at most a sixth of a lease
 * @param drainTimeout how long running logins may continue when the server stops
 */
@Validated
@ConfigurationProperties("perch.pipeline")
record PipelineProperties(
        @NotBlank String topic,
        @NotBlank String eventsTopic,
        @Min(1) @DefaultValue("12") int partitions,
        @DefaultValue("-1") short replicas,
        @Min(1) @DefaultValue("256") int concurrency,
        @Min(1) @DefaultValue("1") int listeners,
        @DurationMin(millis = 10) @DefaultValue("2s") Duration pollInterval,
        @DurationMin(millis = 10) @DefaultValue("5s") Duration renewInterval,
        @DefaultValue("20s") Duration drainTimeout) {

    String deadLetterTopic() {
        return topic + ".DLT";
    }
}
