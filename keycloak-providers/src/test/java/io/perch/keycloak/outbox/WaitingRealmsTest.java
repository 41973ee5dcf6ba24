package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaitingRealmsTest {

    private long now = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();
    private final WaitingRealms realms = new WaitingRealms(() -> now);

    @Test
    void aRealmIsLeftOutForSomeSeconds() {
        realms.add(Map.of(row("one"), "no topic"));
        assertEquals(List.of("one"), realms.ids());

        pass(Duration.ofSeconds(6));

        assertEquals(List.of(), realms.ids());
    }

    @Test
    void aRealmWhoseEventsAreSentIsNotLeftOut() {
        realms.add(Map.of(row("one"), "no topic", row("two"), "no topic"));

        realms.remove(List.of(row("one")));

        assertEquals(List.of("two"), realms.ids());
    }

    @Test
    void aRealmWithoutEventsIsForgotten() {
        realms.add(Map.of(row("deleted"), "no topic"));

        pass(Duration.ofMinutes(11));
        assertEquals(List.of(), realms.ids());

        assertTrue(realms.isEmpty());
    }

    @Test
    void aRealmWhoseTopicIsStillMissingIsNotForgotten() {
        realms.add(Map.of(row("one"), "no topic"));
        for (int i = 0; i < 3; i++) {
            pass(Duration.ofMinutes(9));
            assertEquals(List.of(), realms.ids());
            realms.add(Map.of(row("one"), "no topic"));
        }

        assertFalse(realms.isEmpty());
        assertEquals(List.of("one"), realms.ids());
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private static OutboxRow row(String realm) {
        return new OutboxRow(1, realm, "user", "event", "{}", 0, null);
    }
}
