package io.perch.keycloak.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The result of each row of a batch. The first result of a row stays. Safe for use by several threads. */
final class BatchResults {

    private static final Object ACKNOWLEDGED = new Object();

    /** The rows wait for their topic, because earlier rows do. */
    private static final Object WAITS = new Object();

    private final List<OutboxRow> rows;
    private final List<@Nullable String> topics;
    private final AtomicReferenceArray<@Nullable Object> results;
    private final CountDownLatch open;

    /**
     * A batch without results.
     *
     * @param topics of each row; null if a row has none, and will have a failure
     */
    BatchResults(List<OutboxRow> rows, List<@Nullable String> topics) {
        this.rows = rows;
        this.topics = topics;
        this.results = new AtomicReferenceArray<>(rows.size());
        this.open = new CountDownLatch(rows.size());
    }

    /**
     * What became of a batch. A row that is in none of these must be sent again.
     *
     * @param sent rows that Kafka has acknowledged
     * @param refused rows that Kafka will never accept, each with the reason
     * @param waiting rows whose topic is not available, by topic
     * @param failure the first error of the rows that must be sent again; null if there was none, or only a timeout
     */
    record Outcome(
            List<OutboxRow> sent,
            Map<OutboxRow, String> refused,
            Map<String, Waiting> waiting,
            @Nullable Exception failure) {

        /** The number of rows that wait for their topic. */
        int countOfWaiting() {
            return waiting.values().stream()
                    .mapToInt(topic -> topic.rows().size())
                    .sum();
        }
    }

    /**
     * Rows that wait for a topic, in their order.
     *
     * @param cause why; null if earlier rows wait for it already
     */
    record Waiting(List<OutboxRow> rows, @Nullable UnavailableTopicException cause) {}

    /** The topic of a row; null if it has none. */
    @Nullable
    String topic(int row) {
        return topics.get(row);
    }

    boolean hasResult(int row) {
        return results.get(row) != null;
    }

    /** The failure of a row; null if it has none, or no result yet. */
    @Nullable
    Exception failure(int row) {
        return results.get(row) instanceof Exception e ? e : null;
    }

    /** The number of rows without a result. */
    long open() {
        return open.getCount();
    }

    /** Waits for the results of all rows. Returns false if it took too long. */
    boolean await(Duration time) throws InterruptedException {
        return open.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    void acknowledge(int row) {
        set(row, ACKNOWLEDGED);
    }

    void fail(int row, Exception failure) {
        set(row, failure);
    }

    /** Makes the rows of a topic wait that have no result yet. */
    void leaveOut(UnavailableTopicException e) {
        for (int i = 0; i < rows.size(); i++) {
            if (e.topic().equals(topics.get(i))) {
                set(i, e);
            }
        }
    }

    /** Makes the rows of some topics wait, because earlier rows wait for these already. */
    void leaveOut(Set<String> closed) {
        for (int i = 0; i < rows.size(); i++) {
            String topic = topics.get(i);
            if (topic != null && closed.contains(topic)) {
                set(i, WAITS);
            }
        }
    }

    /** Makes all rows wait that have a topic and no result yet. */
    void leaveOutSilentTopics(Duration silence) {
        Set<String> silent = new HashSet<>();
        for (int i = 0; i < rows.size(); i++) {
            String topic = topics.get(i);
            if (topic != null && !hasResult(i)) {
                silent.add(topic);
            }
        }
        silent.forEach(topic -> leaveOut(UnavailableTopicException.silent(
                topic, new TimeoutException("Kafka acknowledged nothing for " + silence.toSeconds() + " seconds"))));
    }

    private void set(int row, Object result) {
        if (results.compareAndSet(row, null, result)) {
            open.countDown();
        }
    }

    /**
     * The outcome. A row is only sent if all earlier rows of its key and topic are. So the newest event of a user is the last in the
     * topic. If one row of a topic waits, all of its rows that are not sent wait.
     */
    Outcome outcome() {
        Map<String, Waiting> waiting = waiting();
        List<OutboxRow> sent = new ArrayList<>(rows.size());
        Map<OutboxRow, String> refused = new LinkedHashMap<>();
        Set<KeyInTopic> unsent = new HashSet<>();
        Exception failure = null;
        for (int i = 0; i < rows.size(); i++) {
            OutboxRow row = rows.get(i);
            @Nullable Object result = results.get(i);
            KeyInTopic key = new KeyInTopic(topics.get(i), row.key());
            if (result instanceof Exception e && isRefusal(e)) {
                refused.put(row, e.getClass().getSimpleName() + ": " + e.getMessage());
            } else if (result == ACKNOWLEDGED && !unsent.contains(key)) {
                sent.add(row);
            } else {
                unsent.add(key);
                Waiting topic = waiting.get(String.valueOf(topics.get(i)));
                if (topic != null) {
                    topic.rows().add(row);
                } else if (result instanceof Exception e && failure == null) {
                    failure = e;
                }
            }
        }
        return new Outcome(sent, refused, waiting, failure);
    }

    private Map<String, Waiting> waiting() {
        Map<String, Waiting> waiting = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            String topic = topics.get(i);
            Object result = results.get(i);
            if (topic != null && result instanceof UnavailableTopicException e) {
                waiting.putIfAbsent(topic, new Waiting(new ArrayList<>(), e));
            } else if (topic != null && result == WAITS) {
                waiting.putIfAbsent(topic, new Waiting(new ArrayList<>(), null));
            }
        }
        return waiting;
    }

    /** Whether Kafka will never accept a row. */
    static boolean isRefusal(Exception e) {
        return e instanceof RecordTooLargeException
                || e instanceof InvalidRecordException
                || e instanceof IllegalArgumentException;
    }

    private record KeyInTopic(@Nullable String topic, String key) {}
}
