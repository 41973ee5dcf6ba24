package io.perch.keycloak.outbox;

import io.perch.keycloak.outbox.BatchResults.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends rows to Kafka. The producer retries a record without end and keeps the order of each partition. So the first copies of the
 * records of one user arrive in their order, even while two nodes believe that they hold the lease. Not thread-safe.
 */
final class OutboxProducer implements AutoCloseable {

    private static final byte[] CONTENT_TYPE =
            "application/cloudevents+json; charset=UTF-8".getBytes(StandardCharsets.UTF_8);

    /** Time between two checks of whether to go on waiting. */
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(500);

    /**
     * Time without an acknowledgement after which topics of realms wait, if the brokers answer. One such topic delays the others for
     * that time.
     */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final OutboxOptions options;
    private final TopicTemplate topic;
    private final Function<String, Optional<String>> vault;
    private final Function<Map<String, Object>, Producer<byte[], byte[]>> connect;
    private final Duration silence;
    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable RealmTopics realmTopics;

    /**
     * Does not connect yet.
     *
     * @param vault gives the secret of a {@link VaultExpression}. It is asked at each new connection after a failure, so that a
     *     changed secret is used
     */
    OutboxProducer(OutboxOptions options, Function<String, Optional<String>> vault) {
        this(
                options,
                vault,
                settings -> new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()),
                SILENCE);
    }

    OutboxProducer(
            OutboxOptions options,
            Function<String, Optional<String>> vault,
            Function<Map<String, Object>, Producer<byte[], byte[]>> connect,
            Duration silence) {
        this.options = options;
        this.topic = options.topic();
        this.vault = vault;
        this.connect = connect;
        this.silence = silence;
    }

    /**
     * Sends rows and waits until Kafka has acknowledged them.
     *
     * @param closed topics to which nothing is sent, because earlier rows wait for them
     * @param mayWait checked before and every {@link #CHECK_INTERVAL}; if it is false, the wait ends
     * @throws MissingSecretException if the vault does not have a secret
     * @throws org.apache.kafka.common.KafkaException if there is no connection, for example because the token endpoint refuses
     */
    Outcome send(List<OutboxRow> rows, long era, Set<String> closed, BooleanSupplier mayWait) {
        Producer<byte[], byte[]> kafka = producer();
        // To connect may have taken some seconds. The connection stays for the next attempt
        if (!mayWait.getAsBoolean()) {
            return new Outcome(List.of(), Map.of(), Map.of(), null);
        }
        BatchResults results = prepare(rows, closed);
        if (!mayWait.getAsBoolean()) {
            return new Outcome(List.of(), Map.of(), Map.of(), null);
        }
        End end = submit(kafka, rows, era, results) ? await(results, mayWait) : End.STOPPED;
        if (end == End.STOPPED) {
            // Records in flight may still arrive. They will be sent again, in the same order and with the same ids
            discard();
        } else if (end == End.SILENT) {
            results.leaveOutSilentTopics(silence);
        }
        Outcome outcome = results.outcome();
        outcome.waiting().keySet().forEach(this::forget);
        if (end == End.SILENT || outcome.failure() != null) {
            discard();
        }
        return outcome;
    }

    /** How the wait for acknowledgements ends. */
    private enum End {
        ALL_RESULTS,
        STOPPED,
        /** The brokers answer, but acknowledge nothing of the topics that are left. */
        SILENT
    }

    /** Finds the topic of each row. A row that is not to be sent has its result already. */
    private BatchResults prepare(List<OutboxRow> rows, Set<String> closed) {
        if (!topic.isPerRealm()) {
            return new BatchResults(rows, Collections.nCopies(rows.size(), topic.text()));
        }
        List<@Nullable String> topics = new ArrayList<>(rows.size());
        Map<Integer, Exception> refused = new HashMap<>();
        Set<String> distinct = new HashSet<>();
        for (int i = 0; i < rows.size(); i++) {
            try {
                String name = topicOf(rows.get(i));
                topics.add(name);
                distinct.add(name);
            } catch (IllegalArgumentException e) {
                topics.add(null);
                refused.put(i, e);
            }
        }
        BatchResults results = new BatchResults(rows, topics);
        refused.forEach(results::fail);
        results.leaveOut(closed);
        distinct.removeAll(closed);
        unavailable(distinct).values().forEach(results::leaveOut);
        return results;
    }

    private String topicOf(OutboxRow row) {
        if (row.isNameTaken()) {
            throw new IllegalArgumentException("Another realm has the name of the event's realm now");
        }
        return topic.topic(row);
    }

    /**
     * The topics of realms among these that are not available, with the reason.
     *
     * @throws MissingSecretException if the vault does not have a secret
     * @throws org.apache.kafka.common.KafkaException if the brokers do not answer
     */
    Map<String, UnavailableTopicException> unavailable(Set<String> topics) {
        Map<String, UnavailableTopicException> unavailable = new HashMap<>();
        if (topics.isEmpty()) {
            return unavailable;
        }
        var unused = producer();
        RealmTopics current = Objects.requireNonNull(realmTopics);
        try {
            current.unavailable(topics)
                    .forEach((name, e) -> unavailable.put(name, UnavailableTopicException.refused(name, e)));
            return unavailable;
        } catch (KafkaException e) {
            // Perhaps a secret has changed
            discard();
            throw e;
        }
    }

    private boolean submit(Producer<byte[], byte[]> kafka, List<OutboxRow> rows, long era, BatchResults results) {
        for (int i = 0; i < rows.size(); i++) {
            int index = i;
            String name = results.topic(i);
            if (name == null || results.hasResult(i)) {
                continue;
            }
            ProducerRecord<byte[], byte[]> record;
            try {
                record = record(name, rows.get(i), era);
            } catch (IllegalArgumentException e) {
                results.fail(i, e);
                continue;
            }
            var unused = kafka.send(record, (metadata, failure) -> {
                if (failure == null) {
                    results.acknowledge(index);
                } else {
                    results.fail(index, described(name, failure));
                }
            });
            Exception failure = results.failure(i);
            if (failure instanceof UnavailableTopicException e) {
                // Its other records would wait just as long
                results.leaveOut(e);
            } else if (failure != null && !BatchResults.isRefusal(failure)) {
                // The producer failed before it sent the record, for example because the topic does not exist. The next
                // record would wait just as long
                return false;
            }
        }
        return true;
    }

    private End await(BatchResults results, BooleanSupplier mayWait) {
        long open = results.open();
        long progress = System.nanoTime();
        try {
            while (!results.await(CHECK_INTERVAL)) {
                if (!mayWait.getAsBoolean()) {
                    return End.STOPPED;
                }
                if (results.open() < open) {
                    open = results.open();
                    progress = System.nanoTime();
                } else if (topic.isPerRealm() && System.nanoTime() - progress > silence.toNanos()) {
                    if (realmTopics != null && realmTopics.doBrokersAnswer()) {
                        return End.SILENT;
                    }
                    progress = System.nanoTime();
                }
            }
            return End.ALL_RESULTS;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return End.STOPPED;
        }
    }

    private Exception described(String name, Exception failure) {
        return topic.isPerRealm() && RealmTopics.isAboutTopic(failure)
                ? UnavailableTopicException.refused(name, failure)
                : failure;
    }

    private void forget(String name) {
        RealmTopics current = realmTopics;
        if (current != null) {
            current.forget(name);
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, OutboxRow row, long era) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic,
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
        Producer<byte[], byte[]> current = producer;
        if (current == null) {
            OutboxOptions withSecrets = options.withSecrets(vault);
            KafkaSettings.allowTokenEndpoint(withSecrets);
            Map<String, Object> settings = KafkaSettings.of(withSecrets);
            current = connect.apply(settings);
            producer = current;
            realmTopics = new RealmTopics(settings);
        }
        return current;
    }

    private void discard() {
        close(Duration.ZERO);
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    private void close(Duration timeout) {
        Producer<byte[], byte[]> current = producer;
        producer = null;
        if (current != null) {
            current.close(timeout);
        }
        RealmTopics topics = realmTopics;
        realmTopics = null;
        if (topics != null) {
            topics.close();
        }
    }
}
