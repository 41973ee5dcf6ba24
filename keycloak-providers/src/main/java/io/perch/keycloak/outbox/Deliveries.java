package io.perch.keycloak.outbox;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The way to Kafka. The producer never gives a record up by itself, and keeps the order of a partition: so no record is ever
 * there for the first time before one that was written before it for the same user, even while two nodes believe that it is
 * their turn. To be used by one thread.
 */
final class Deliveries implements AutoCloseable {

    private static final byte[] CONTENT_TYPE =
            "application/cloudevents+json; charset=UTF-8".getBytes(StandardCharsets.UTF_8);

    /** How often a wait is interrupted to see whether it makes sense still. */
    private static final Duration GLANCE = Duration.ofMillis(500);

    private final OutboxOptions options;
    private @Nullable Producer<byte[], byte[]> producer;

    Deliveries(OutboxOptions options) {
        this.options = options;
    }

    /**
     * What became of rows; one that is in neither has to be sent again.
     *
     * @param failure why some are in neither, null where all are
     */
    record Outcome(
            List<OutboxRow> sent,
            Map<OutboxRow, String> refused,
            @Nullable Exception failure) {}

    /**
     * Sends rows and waits for Kafka to have them.
     *
     * @param goOn asked every now and then whether to wait on
     */
    Outcome send(List<OutboxRow> rows, long era, BooleanSupplier goOn) {
        AtomicReferenceArray<@Nullable Object> results = new AtomicReferenceArray<>(rows.size());
        CountDownLatch open = new CountDownLatch(rows.size());
        boolean complete = handOver(rows, era, results, open) && await(open, goOn);
        if (!complete) {
            // What is under way may still arrive: it will be sent again, in the same order and under the same ids
            discard();
        }
        return outcome(rows, results);
    }

    private boolean handOver(
            List<OutboxRow> rows, long era, AtomicReferenceArray<@Nullable Object> results, CountDownLatch open) {
        Producer<byte[], byte[]> kafka = producer();
        for (int i = 0; i < rows.size(); i++) {
            int index = i;
            ProducerRecord<byte[], byte[]> record;
            try {
                record = record(rows.get(i), era);
            } catch (IllegalArgumentException e) {
                results.set(index, e);
                open.countDown();
                continue;
            }
            var unused = kafka.send(record, (metadata, failure) -> {
                results.set(index, failure == null ? metadata : failure);
                open.countDown();
            });
            // Failed before it was under way: the topic is not known, say, and the next would wait as long
            if (results.get(index) instanceof Exception failure && !isRefusal(failure)) {
                return false;
            }
        }
        return true;
    }

    private static boolean await(CountDownLatch open, BooleanSupplier goOn) {
        try {
            while (!open.await(GLANCE.toMillis(), TimeUnit.MILLISECONDS)) {
                if (!goOn.getAsBoolean()) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Outcome outcome(List<OutboxRow> rows, AtomicReferenceArray<@Nullable Object> results) {
        List<OutboxRow> sent = new ArrayList<>(rows.size());
        Map<OutboxRow, String> refused = new LinkedHashMap<>();
        Set<String> held = new HashSet<>();
        Exception failure = null;
        for (int i = 0; i < rows.size(); i++) {
            OutboxRow row = rows.get(i);
            @Nullable Object result = results.get(i);
            if (result instanceof Exception e && isRefusal(e)) {
                refused.put(row, e.getClass().getSimpleName() + ": " + e.getMessage());
            } else if (result == null || result instanceof Exception) {
                held.add(row.key());
                if (result instanceof Exception e && failure == null) {
                    failure = e;
                }
            } else if (!held.contains(row.key())) {
                // One behind an undelivered row of the same user is sent again too, so that it is last there
                sent.add(row);
            }
        }
        if (failure != null) {
            discard();
        }
        return new Outcome(sent, refused, failure);
    }

    private static boolean isRefusal(Exception e) {
        return e instanceof RecordTooLargeException
                || e instanceof InvalidRecordException
                || e instanceof IllegalArgumentException;
    }

    private ProducerRecord<byte[], byte[]> record(OutboxRow row, long era) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                options.topic(),
                row.key().getBytes(StandardCharsets.UTF_8),
                RowFormat.event(row, era).getBytes(StandardCharsets.UTF_8));
        record.headers().add("content-type", CONTENT_TYPE);
        String traceparent = row.traceparent();
        if (traceparent != null) {
            record.headers().add("traceparent", traceparent.getBytes(StandardCharsets.UTF_8));
        }
        return record;
    }

    private Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> made = producer;
        if (made == null) {
            made = new KafkaProducer<>(KafkaSettings.of(options), new ByteArraySerializer(), new ByteArraySerializer());
            producer = made;
        }
        return made;
    }

    private void discard() {
        close(Duration.ZERO);
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    private void close(Duration patience) {
        Producer<byte[], byte[]> made = producer;
        producer = null;
        if (made != null) {
            made.close(patience);
        }
    }
}
