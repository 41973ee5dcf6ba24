package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.outbox.BatchResults.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.keycloak.Config;

class OutboxProducerTest {

    private final AtomicInteger connections = new AtomicInteger();
    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final OutboxProducer producer = new OutboxProducer(
            OutboxOptions.of(new Config.SystemPropertiesScope("none."), name -> Optional.empty()),
            secret -> Optional.empty(),
            settings -> {
                connections.incrementAndGet();
                return kafka;
            },
            Duration.ofSeconds(5));
    private final List<OutboxRow> rows =
            List.of(new OutboxRow(RowFormat.CURRENT, "realm", "ada", "id", "{\"specversion\":\"1.0\"}", 0, null));

    /** If to connect takes longer than the lease, two nodes would else connect in turn and never send. */
    @Test
    void aNewConnectionStaysIfTheLeaseWasLostMeanwhile() {
        Outcome withoutLease = producer.send(rows, 1, Set.of(), () -> false);

        assertEquals(List.of(), withoutLease.sent());
        assertFalse(kafka.closed());
        Outcome withLease = producer.send(rows, 1, Set.of(), () -> true);
        assertEquals(rows, withLease.sent());
        assertEquals(1, connections.get());
    }

    @Test
    void theConnectionIsClosedIfRecordsAreInFlight() {
        MockProducer<byte[], byte[]> silent =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        OutboxProducer stopping = new OutboxProducer(
                OutboxOptions.of(new Config.SystemPropertiesScope("none."), name -> Optional.empty()),
                secret -> Optional.empty(),
                settings -> silent,
                Duration.ofSeconds(5));
        AtomicInteger asked = new AtomicInteger();

        Outcome outcome = stopping.send(rows, 1, Set.of(), () -> asked.getAndIncrement() < 2);

        assertEquals(List.of(), outcome.sent());
        assertEquals(1, silent.history().size());
        assertTrue(silent.closed());
    }
}
