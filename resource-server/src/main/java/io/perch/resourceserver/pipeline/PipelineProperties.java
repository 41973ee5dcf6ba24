package io.perch.resourceserver.pipeline;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the pipeline.
 *
 * @param topic the topic that wakes and distributes; its dead-letter topic has {@code .DLT} behind the name
 * @param eventsTopic the topic that tells every instance what became of a task
 * @param partitions how many partitions a topic gets that does not exist yet; bounds the number of instances at work
 * @param replicas how many replicas a topic gets that does not exist yet; -1 for the broker's default
 * @param concurrency how many logins one instance runs at once
 * @param listeners how many threads of one instance read the topic
 * @param sweepInterval how often an instance looks for tasks that are due, at most; it looks up to twice as often
 * @param renewInterval how often an instance looks after the leases of its running logins
 * @param sweepBatch how many it takes at once
 * @param drainTimeout how long running logins may take to end when the server stops
 */
@Validated
@ConfigurationProperties("perch.pipeline")
record PipelineProperties(
        @NotBlank String topic,
        @NotBlank String eventsTopic,
        @Min(1) @DefaultValue("12") int partitions,
        @DefaultValue("-1") short replicas,
        @Min(1) @DefaultValue("64") int concurrency,
        @Min(1) @DefaultValue("3") int listeners,
        @DefaultValue("2s") Duration sweepInterval,
        @DefaultValue("5s") Duration renewInterval,
        @Min(1) @DefaultValue("500") int sweepBatch,
        @DefaultValue("20s") Duration drainTimeout) {

    String deadLetterTopic() {
        return topic + ".DLT";
    }
}
