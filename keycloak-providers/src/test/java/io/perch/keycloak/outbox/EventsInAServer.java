package io.perch.keycloak.outbox;

import io.perch.keycloak.KeycloakProcess;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keycloak.admin.client.Keycloak;

/** A test with a separate realm in the running server, whose events a broker gets. */
@ExtendWith(EventsServer.Shared.class)
@SuppressWarnings("NullAway.Init") // JUnit's methods set the fields
abstract class EventsInAServer {

    /** The longest time from a change until its events are in Kafka. */
    static final Duration TIMEOUT = Duration.ofSeconds(15);

    static KafkaBroker broker;
    static KeycloakProcess keycloak;
    static Keycloak admin;

    EventsRealm events;

    @BeforeAll
    static void findServers(EventsServer servers) {
        broker = servers.broker();
        keycloak = servers.keycloak();
        admin = servers.admin();
    }

    @BeforeEach
    void createRealm() {
        events = new EventsRealm(keycloak.address(), admin);
    }

    /** Waits until there is an event of this type, and returns all of them. */
    static List<ReceivedEvent> await(String key, String type) {
        return await(key, type, 1);
    }

    /** Waits until there are so many events of this type, and returns all of them. */
    static List<ReceivedEvent> await(String key, String type, int count) {
        Awaitility.await(type).atMost(TIMEOUT).until(() -> of(key, type).size() >= count);
        return of(key, type);
    }

    /** The events of this type that Kafka has. */
    static List<ReceivedEvent> of(String key, String type) {
        return broker.received().stream()
                .filter(event -> event.key().equals(key) && event.type().equals(type))
                .toList();
    }
}
