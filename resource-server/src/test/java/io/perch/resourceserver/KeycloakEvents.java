package io.perch.resourceserver;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.kafka.core.KafkaOperations;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Publishes Keycloak's events as the listener in Keycloak does: CloudEvents in the topic {@code user-events}. */
final class KeycloakEvents {

    static final String TOPIC = "user-events";

    private static final JsonMapper JSON = new JsonMapper();

    private final KafkaOperations<String, byte[]> kafka;
    private final AtomicLong sequence = new AtomicLong(1);

    KeycloakEvents(KafkaOperations<String, byte[]> kafka) {
        this.kafka = kafka;
    }

    /** Creates an event with the next sequence and the present time. */
    ObjectNode event(String type, String userId) {
        ObjectNode event = JSON.createObjectNode()
                .put("specversion", "1.0")
                .put("id", UUID.randomUUID().toString())
                .put("source", "/realms/perch")
                .put("type", "io.perch.user." + type)
                .put("subject", userId)
                .put("time", Instant.now().toString())
                .put("datacontenttype", "application/json")
                .put("sequence", "%019d".formatted(sequence.getAndIncrement()));
        event.putObject("data").put("realm", "perch").put("user_id", userId);
        return event;
    }

    /** Creates an event with a user's state. */
    ObjectNode stateEvent(String type, String userId, String username) {
        ObjectNode event = event(type, userId);
        ObjectNode user = data(event).putObject("user");
        user.put("username", username)
                .put("email", username + "@perch.example")
                .put("email_verified", true)
                .put("first_name", "First")
                .put("last_name", "Last")
                .put("phone_number", "+14155552671")
                .put("enabled", true)
                .put("created_at", Instant.now().minusSeconds(60).toString());
        user.putArray("roles").add("user");
        return event;
    }

    static ObjectNode data(ObjectNode event) {
        return (ObjectNode) event.path("data");
    }

    static ObjectNode user(ObjectNode event) {
        return (ObjectNode) event.path("data").path("user");
    }

    void send(ObjectNode event) {
        send(event.path("subject").asString(), event.toString());
    }

    void send(String key, String value) {
        kafka.send(TOPIC, key, value.getBytes(StandardCharsets.UTF_8)).join();
    }
}
