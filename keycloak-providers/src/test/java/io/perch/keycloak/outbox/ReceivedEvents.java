package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** The events of users in a topic. Snapshots are left out, because their number depends on the speed of the relay. */
record ReceivedEvents(KafkaBroker broker, String topic) {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    /** Those in the topic that the broker always has. */
    static ReceivedEvents at(KafkaBroker broker) {
        return new ReceivedEvents(broker, KafkaBroker.TOPIC);
    }

    /** The events of one user, in their order. */
    List<ReceivedEvent> of(String user) {
        return broker.received(topic).stream()
                .filter(event -> event.key().equals(user))
                .filter(event -> !event.type().equals("io.perch.user.snapshot"))
                .toList();
    }

    /** Waits until the events of one user are exactly those of these types. */
    void awaitTypes(String user, String... types) {
        Awaitility.await()
                .atMost(TIMEOUT)
                .untilAsserted(() -> assertEquals(
                        List.of(types),
                        of(user).stream().map(ReceivedEvent::type).toList()));
    }
}
