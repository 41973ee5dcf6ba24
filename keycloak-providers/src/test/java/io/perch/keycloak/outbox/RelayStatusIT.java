package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Keycloak's metrics and health checks show the relay. */
class RelayStatusIT extends EventsInAServer {

    @Test
    void keycloaksMetricsShowTheWaitingEvents() {
        String id = events.addUser("ada");
        await(id, "io.perch.user.registered");

        String metrics = keycloak.metrics();

        assertTrue(metrics.contains("perch_outbox_pending "), metrics);
        assertTrue(metrics.contains("perch_outbox_oldest_age_seconds "), metrics);
        assertTrue(metrics.contains("perch_outbox_leading 1"), metrics);
        assertTrue(metrics.matches("(?s).*perch_outbox_sent_total [1-9].*"), metrics);
        assertTrue(metrics.contains("perch_outbox_failed_total 0"), metrics);
        assertTrue(metrics.contains("perch_outbox_set_aside_total "), metrics);
        assertTrue(metrics.contains("perch_outbox_relay_failures_total "), metrics);
    }

    @Test
    void keycloaksHealthChecksShowTheRelay() {
        String liveness = keycloak.liveness();

        assertTrue(liveness.contains("Outbox relay"), liveness);
        assertTrue(liveness.contains("\"leading\": true"), liveness);
        assertFalse(liveness.contains("DOWN"), liveness);
    }
}
