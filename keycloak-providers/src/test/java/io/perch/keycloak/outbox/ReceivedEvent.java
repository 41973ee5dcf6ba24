package io.perch.keycloak.outbox;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * An event as a consumer receives it.
 *
 * @param arrivedAt the time when it was sent, in milliseconds since 1970
 */
record ReceivedEvent(String key, Map<String, String> headers, JsonNode event, String text, long arrivedAt) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static ReceivedEvent of(ConsumerRecord<String, String> record) {
        Map<String, String> headers = new TreeMap<>();
        record.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        try {
            return new ReceivedEvent(
                    record.key(), headers, JSON.readTree(record.value()), record.value(), record.timestamp());
        } catch (JsonProcessingException e) {
            throw new AssertionError(record.value(), e);
        }
    }

    String attribute(String name) {
        return requireNonNull(event.get(name), () -> name + " in " + text).asText();
    }

    String id() {
        return attribute("id");
    }

    String type() {
        return attribute("type");
    }

    long sequence() {
        return Long.parseLong(attribute("sequence"));
    }

    /** Milliseconds from the event until it was sent. */
    double delay() {
        return arrivedAt - Instant.parse(attribute("time")).toEpochMilli();
    }

    JsonNode data() {
        return event.path("data");
    }
}
