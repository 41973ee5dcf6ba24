package io.perch.resourceserver.events;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the events of users.
 *
 * @param topic the topic that Keycloak's side writes to; its dead-letter topic has {@code .DLT} behind the name
 * @param issuer the issuer of the realm whose events count: the last segment of its path is the realm's name
 * @param partitions how many partitions a topic gets that does not exist yet
 * @param replicas how many replicas a topic gets that does not exist yet; -1 for the broker's default
 */
@Validated
@ConfigurationProperties("perch.user-events")
record UserEventsProperties(
        @NotBlank String topic,
        @NotNull URI issuer,
        @Min(1) @DefaultValue("12") int partitions,
        @DefaultValue("-1") short replicas) {

    String deadLetterTopic() {
        return topic + ".DLT";
    }

    String realm() {
        String path = issuer.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
