package io.perch.resourceserver.events;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the user events.
 *
 * @param topic the topic that the Keycloak extension writes; its dead-letter topic has the suffix {@code .DLT}
 * @param issuer the issuer of the realm whose events are read; the last segment of its path is the realm's name
 * @param partitions partitions of a topic that is created
 * @param replicas replicas of a topic that is created; -1 for the broker's default
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
