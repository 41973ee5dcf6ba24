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
 * @param topic the topic of tasks that can be claimed; its dead-letter topic has {@code .DLT} behind the name
 * @param eventsTopic the topic of changes of tasks, which every instance reads
 * @param partitions how many partitions a topic gets that does not exist yet; at least as many as there are instances
 * @param replicas how many replicas a topic gets that does not exist yet; -1 for the broker's default
 * @param concurrency how many logins one instance runs at once
 * @param listeners how many threads of one instance read the topic
 * @param pollInterval how often an instance looks for due tasks, at most; it looks up to twice as often
 * @param renewInterval how often an instance renews the leases of its running logins; at most a sixth of a lease
 * @param drainTimeout how long running logins may take to end when the server stops
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
