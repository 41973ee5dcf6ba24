package io.perch.resourceserver;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.KafkaTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Publishes user events to Kafka as the listener in Keycloak does. */
final class UserEventFixtures {

    static final String TOPIC = "user-events";

    private static final AtomicLong SEQUENCE = new AtomicLong(System.currentTimeMillis());

    private final KafkaTemplate<String, byte[]> kafka;
    private final JsonMapper mapper = new JsonMapper();

    UserEventFixtures(KafkaTemplate<String, byte[]> kafka) {
        this.kafka = kafka;
    }

    /** One second from now, in seconds since 1970. A {@code not_before} of it makes tokens void that are issued now. */
    static long inASecond() {
        return Instant.now().getEpochSecond() + 1;
    }

    /** An event that can be changed before it is sent. */
    final class Event {

        private final String type;
        private final @Nullable String userId;
        private final Map<String, Object> data = new LinkedHashMap<>();
        private String id = UUID.randomUUID().toString();
        private Instant time = Instant.now().truncatedTo(ChronoUnit.MILLIS);

        private Event(String type, @Nullable String userId) {
            this.type = type;
            this.userId = userId;
            data.put("realm", "perch");
            if (userId != null) {
                data.put("user_id", userId);
            }
        }

        Event with(String name, Object value) {
            data.put(name, value);
            return this;
        }

        Event at(Instant happened) {
            time = happened.truncatedTo(ChronoUnit.MILLIS);
            return this;
        }

        Event id(String given) {
            id = given;
            return this;
        }

        /** Publishes the event and waits until the broker has stored it. Returns the event's id. */
        String send() {
            Map<String, Object> event = new LinkedHashMap<>();
            event.put("specversion", "1.0");
            event.put("id", id);
            event.put("source", "/realms/perch");
            event.put("type", type);
            if (userId != null) {
                event.put("subject", userId);
            }
            event.put("time", time.toString());
            event.put("sequence", "%019d".formatted(SEQUENCE.incrementAndGet()));
            event.put("datacontenttype", "application/json");
            event.put("data", data);
            kafka.send(TOPIC, userId == null ? "realm-id" : userId, mapper.writeValueAsBytes(event))
                    .join();
            return id;
        }
    }

    /** Creates an event of a user. {@code type} is the part after {@code io.perch.user.}. */
    Event of(String userId, String type) {
        return new Event("io.perch.user." + type, userId);
    }

    Event ofNobody(String type) {
        return new Event("io.perch.user." + type, null);
    }

    Event ofRealm() {
        return new Event("io.perch.realm.sessions_ended", null);
    }

    Event ofClient(String clientId) {
        return new Event("io.perch.client.sessions_ended", null).with("client_id", clientId);
    }

    Event disabled(String userId) {
        Map<String, Object> user = Map.of("username", "made_up", "roles", new String[] {"user"}, "enabled", false);
        return of(userId, "updated").with("user", user).with("keycloak_type", "admin:USER/UPDATE");
    }
}
