package io.perch.keycloak.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.util.concurrent.atomic.AtomicLong;

/** The metrics of the relay, at Keycloak's {@code /metrics}. */
final class RelayMetrics {

    private final AtomicLong pending = new AtomicLong();
    private final AtomicLong oldestMillis = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong leading = new AtomicLong();
    private final Counter sent = Counter.builder("perch.outbox.sent")
            .description("Events that Kafka has")
            .register(Metrics.globalRegistry);
    private final Counter failed = Counter.builder("perch.outbox.failed")
            .description("Events that did not reach Kafka at an attempt, and are sent again")
            .register(Metrics.globalRegistry);
    private final Counter failures = Counter.builder("perch.outbox.relay.failures")
            .description("Attempts of the relay that ended in a failure of Kafka, of the database or of its own")
            .register(Metrics.globalRegistry);
    private final Counter setAside = Counter.builder("perch.outbox.set.aside")
            .description("Events that Kafka refuses for good")
            .register(Metrics.globalRegistry);

    RelayMetrics() {
        Gauge.builder("perch.outbox.pending", pending, AtomicLong::get)
                .description(
                        "Events that wait for Kafka, without perch_outbox_waiting, in the whole cluster; 0 on a node that does not lead")
                .register(Metrics.globalRegistry);
        Gauge.builder("perch.outbox.oldest.age", oldestMillis, millis -> millis.get() / 1000.0)
                .description("Age of the oldest of these events, in the whole cluster; 0 on a node that does not lead")
                .baseUnit("seconds")
                .register(Metrics.globalRegistry);
        Gauge.builder("perch.outbox.waiting", waiting, AtomicLong::get)
                .description("Events that wait for the topic of their realm; 0 on a node that does not lead")
                .register(Metrics.globalRegistry);
        Gauge.builder("perch.outbox.leading", leading, AtomicLong::get)
                .description("1 on the node that holds the lease and sends")
                .register(Metrics.globalRegistry);
    }

    void pending(long count, long oldestAgeMillis) {
        pending.set(count);
        oldestMillis.set(oldestAgeMillis);
    }

    void waiting(long count) {
        waiting.set(count);
    }

    void leading(boolean isLeading) {
        leading.set(isLeading ? 1 : 0);
    }

    void sent(int count) {
        sent.increment(count);
    }

    void failed(int count) {
        failed.increment(count);
    }

    void failure() {
        failures.increment();
    }

    void setAside(int count) {
        setAside.increment(count);
    }
}
