package io.perch.keycloak.outbox;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
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

    private final OutboxOptions options;
    private final TopicTemplate topic;
    private final Function<String, Optional<String>> vault;
    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable RealmTopics realmTopics;

    /**
     * Does not connect yet.
     *
     * @param vault gives the secret of a {@link VaultExpression}. It is asked at each new connection after a failure, so that a
     *     changed secret is used
     */
    OutboxProducer(OutboxOptions options, Function<String, Optional<String>> vault) {
        this.options = options;
        this.topic = options.topic();
        this.vault = vault;
    }

    /**
     * The result of a send. A row that is neither sent nor refused must be sent again.
     *
     * @param sent rows that Kafka has acknowledged
     * @param refused rows that Kafka will never accept, each with the reason
     * @param waiting rows of realms with a topic of their own that is not available, each with the reason
     * @param failure the first error of the rows that must be sent again; null if there was none, or only a timeout
     */
    record Outcome(
            List<OutboxRow> sent,
            Map<OutboxRow, String> refused,
            Map<OutboxRow, String> waiting,
            @Nullable Exception failure) {}

    /**
     * Sends rows and waits until Kafka has acknowledged them.
     *
     * @param mayWait checked before and every {@link #CHECK_INTERVAL}; if it is false, the wait ends
     * @throws MissingSecretException if the vault does not have a secret
     * @throws org.apache.kafka.common.KafkaException if there is no connection, for example because the token endpoint refuses
     */
    Outcome send(List<OutboxRow> rows, long era, BooleanSupplier mayWait) {
        AtomicReferenceArray<@Nullable Object> results = new AtomicReferenceArray<>(rows.size());
        CountDownLatch pending = new CountDownLatch(rows.size());
        Producer<byte[], byte[]> kafka = producer();
        List<@Nullable String> topics = topics(rows, results);
        // To connect may have taken some seconds
        boolean complete =
                mayWait.getAsBoolean() && submit(kafka, rows, topics, era, results, pending) && await(pending, mayWait);
        if (!complete) {
            // Records in flight may still arrive. They will be sent again, in the same order and with the same ids
            discard();
        }
        return outcome(rows, results);
    }

    /** The topic of each row. A row without one has its result already. */
    private List<@Nullable String> topics(List<OutboxRow> rows, AtomicReferenceArray<@Nullable Object> results) {
        if (!topic.isPerRealm()) {
            return Collections.nCopies(rows.size(), topic.text());
        }
        List<@Nullable String> topics = new ArrayList<>(rows.size());
        Set<String> distinct = new HashSet<>();
        for (int i = 0; i < rows.size(); i++) {
            try {
                String name = topic.topic(rows.get(i));
                topics.add(name);
                distinct.add(name);
            } catch (IllegalArgumentException e) {
                topics.add(null);
                results.set(i, e);
            }
        }
        Map<String, Exception> unavailable = unavailable(distinct);
        unavailable.forEach((name, e) -> leaveOut(new UnavailableTopicException(name, e), rows, 0, topics, results));
        return topics;
    }

    private Map<String, Exception> unavailable(Set<String> topics) {
        RealmTopics current = realmTopics;
        try {
            return current == null ? Map.of() : current.unavailable(topics);
        } catch (KafkaException e) {
            // Perhaps a secret has changed
            discard();
            throw e;
        }
    }

    /**
     * Takes the topic from rows, and gives them their result. A realm that was renamed has two topics. Its rows after one that waits
     * are left out too, to keep their order.
     */
    private static void leaveOut(
            UnavailableTopicException e,
            List<OutboxRow> rows,
            int from,
            List<@Nullable String> topics,
            AtomicReferenceArray<@Nullable Object> results) {
        Set<String> realms = new HashSet<>();
        for (int i = from; i < topics.size(); i++) {
            String realm = rows.get(i).realmId();
            boolean isUnavailable = e.topic().equals(topics.get(i));
            if (isUnavailable && realm != null) {
                realms.add(realm);
            }
            if (isUnavailable || (topics.get(i) != null && realm != null && realms.contains(realm))) {
                topics.set(i, null);
                results.set(i, e);
            }
        }
    }

    private boolean submit(
            Producer<byte[], byte[]> kafka,
            List<OutboxRow> rows,
            List<@Nullable String> topics,
            long era,
            AtomicReferenceArray<@Nullable Object> results,
            CountDownLatch pending) {
        for (int i = 0; i < rows.size(); i++) {
            int index = i;
            String name = topics.get(i);
            if (name == null) {
                pending.countDown();
                continue;
            }
            ProducerRecord<byte[], byte[]> record;
            try {
                record = record(name, rows.get(i), era);
            } catch (IllegalArgumentException e) {
                results.set(index, e);
                pending.countDown();
                continue;
            }
            var unused = kafka.send(record, (metadata, failure) -> {
                results.set(index, failure == null ? metadata : described(name, failure));
                pending.countDown();
            });
            if (results.get(index) instanceof UnavailableTopicException e) {
                // Its other records would wait just as long
                leaveOut(e, rows, i, topics, results);
                continue;
            }
            // The producer failed before it sent the record, for example because the topic does not exist. The next
            // record would wait just as long
            if (results.get(index) instanceof Exception failure && !isRefusal(failure)) {
                return false;
            }
        }
        return true;
    }

    private static boolean await(CountDownLatch pending, BooleanSupplier mayWait) {
        try {
            while (!pending.await(CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                if (!mayWait.getAsBoolean()) {
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
        Map<OutboxRow, String> waiting = new LinkedHashMap<>();
        Set<String> unsentKeys = new HashSet<>();
        Exception failure = null;
        for (int i = 0; i < rows.size(); i++) {
            OutboxRow row = rows.get(i);
            @Nullable Object result = results.get(i);
            if (result instanceof Exception e && isRefusal(e)) {
                refused.put(row, e.getClass().getSimpleName() + ": " + e.getMessage());
            } else if (result instanceof UnavailableTopicException e && row.realmId() != null) {
                unsentKeys.add(row.key());
                waiting.put(row, String.valueOf(e.getMessage()));
                forget(e.topic());
            } else if (result == null || result instanceof Exception) {
                unsentKeys.add(row.key());
                if (result instanceof Exception e && failure == null) {
                    failure = e;
                }
            } else if (!unsentKeys.contains(row.key())) {
                // A row after an unsent row of the same user is sent again too. So the user's newest event is the last
                // in Kafka
                sent.add(row);
            }
        }
        if (failure != null) {
            discard();
        }
        return new Outcome(sent, refused, waiting, failure);
    }

    private Exception described(String name, Exception failure) {
        return topic.isPerRealm() && RealmTopics.isAboutTopic(failure)
                ? new UnavailableTopicException(name, failure)
                : failure;
    }

    private void forget(String name) {
        RealmTopics current = realmTopics;
        if (current != null) {
            current.forget(name);
        }
    }

    private static boolean isRefusal(Exception e) {
        return e instanceof RecordTooLargeException
                || e instanceof InvalidRecordException
                || e instanceof IllegalArgumentException;
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
            current = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
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

    private static final class UnavailableTopicException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String topic;

        UnavailableTopicException(String topic, Exception cause) {
            super("topic " + topic + ": " + cause.getClass().getSimpleName() + ": " + cause.getMessage(), cause);
            this.topic = topic;
        }

        String topic() {
            return topic;
        }
    }
}
