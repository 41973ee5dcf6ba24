package io.perch.resourceserver.events;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A continuous reader of the topic, and its progress. Partitions that are added later are read too. */
public final class FollowedUserEvents implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FollowedUserEvents.class);

    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Increases with every fetch response of a broker, about twice a second when there is nothing to read. */
    private static final String FETCH_COUNT_METRIC = "fetch-total";

    private final Supplier<Consumer<String, byte[]>> consumers;
    private final String topic;
    private final Supplier<Instant> since;
    private final java.util.function.Consumer<byte[]> listener;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch caughtUp = new CountDownLatch(1);

    /** The next offset to read; kept when a new consumer is created. */
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    /** The end offsets when reading began. */
    private final Map<TopicPartition, Long> endOffsets = new HashMap<>();

    private volatile long lag;
    private volatile long answeredAt = System.nanoTime();
    private double fetches;
    private volatile @Nullable Consumer<String, byte[]> current;
    private @Nullable Thread thread;

    FollowedUserEvents(
            Supplier<Consumer<String, byte[]>> consumers,
            String topic,
            Supplier<Instant> since,
            java.util.function.Consumer<byte[]> listener) {
        this.consumers = consumers;
        this.topic = topic;
        this.since = since;
        this.listener = listener;
    }

    void start(String name) {
        Thread started = new Thread(this::run, name);
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    /**
     * Waits until all records that were in the topic when reading began have been read.
     *
     * @return false if that takes longer than {@code timeout}
     */
    public boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
        return caughtUp.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns whether all records that were in the topic when reading began have been read. */
    public boolean isCaughtUp() {
        return caughtUp.getCount() == 0;
    }

    /** Returns how many records in the topic are not read yet, as far as the client has fetched the end offsets. */
    public long lag() {
        return lag;
    }

    /** Returns the time since a broker last answered; normally below a second. */
    public Duration silence() {
        return Duration.ofNanos(System.nanoTime() - answeredAt);
    }

    /** Stops reading. */
    @Override
    public void close() {
        closing.countDown();
        var reading = current;
        if (reading != null) {
            reading.wakeup();
        }
        Thread running = thread;
        if (running == null) {
            return;
        }
        try {
            running.join(TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!awaitClosing(Duration.ZERO)) {
            try (var consumer = consumers.get()) {
                current = consumer;
                follow(consumer);
            } catch (WakeupException | InterruptException e) {
                log.debug("Reading of {} is interrupted", topic, e);
            } catch (KafkaException e) {
                log.warn("{} cannot be read, trying again: {}", topic, e.getMessage());
                awaitClosing(PAUSE);
            } catch (RuntimeException e) {
                // Any failure is retried, because no other thread would read
                log.error("{} cannot be read, trying again", topic, e);
                awaitClosing(PAUSE);
            } finally {
                current = null;
            }
        }
    }

    private void follow(Consumer<String, byte[]> consumer) {
        fetches = 0;
        List<TopicPartition> assigned = List.of();
        while (!awaitClosing(Duration.ZERO)) {
            List<TopicPartition> partitions = partitions(consumer);
            if (!partitions.equals(assigned)) {
                begin(consumer, partitions);
                assigned = partitions;
            }
            if (assigned.isEmpty()) {
                // The topic does not exist yet; this class does not create it
                awaitClosing(PAUSE);
                continue;
            }
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                consume(record);
                positions.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
            }
            report(consumer, assigned);
        }
    }

    /** Cheap: the client caches and refreshes the metadata of the topic. */
    private List<TopicPartition> partitions(Consumer<String, byte[]> consumer) {
        List<PartitionInfo> known = consumer.partitionsFor(topic, TIMEOUT);
        return known.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .sorted((a, b) -> Integer.compare(a.partition(), b.partition()))
                .toList();
    }

    private void begin(Consumer<String, byte[]> consumer, List<TopicPartition> partitions) {
        List<TopicPartition> added = partitions.stream()
                .filter(partition -> !positions.containsKey(partition))
                .toList();
        // The end offsets are read before the start time: no record that is written in between may be missed
        Map<TopicPartition, Long> ends = consumer.endOffsets(added, TIMEOUT);
        long from = since.get().toEpochMilli();
        Map<TopicPartition, Long> times = added.stream().collect(Collectors.toMap(Function.identity(), any -> from));
        Map<TopicPartition, @Nullable OffsetAndTimestamp> starts = consumer.offsetsForTimes(times, TIMEOUT);
        for (TopicPartition partition : added) {
            long end = ends.getOrDefault(partition, 0L);
            OffsetAndTimestamp start = starts.get(partition);
            positions.put(partition, start == null ? end : start.offset());
            endOffsets.put(partition, end);
        }
        consumer.assign(partitions);
        partitions.forEach(partition -> consumer.seek(partition, positions.getOrDefault(partition, 0L)));
    }

    private void consume(ConsumerRecord<String, byte[]> record) {
        try {
            listener.accept(record.value());
        } catch (RuntimeException e) {
            log.error("partition={} offset={} of {} was not processed", record.partition(), record.offset(), topic, e);
        }
    }

    private void report(Consumer<String, byte[]> consumer, List<TopicPartition> assigned) {
        lag = assigned.stream()
                .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                .sum();
        double now = fetchCount(consumer);
        if (now != fetches) {
            fetches = now;
            answeredAt = System.nanoTime();
        }
        if (!isCaughtUp()
                && endOffsets.entrySet().stream()
                        .allMatch(end -> consumer.position(end.getKey(), TIMEOUT) >= end.getValue())) {
            caughtUp.countDown();
        }
    }

    private static double fetchCount(Consumer<String, byte[]> consumer) {
        return consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals(FETCH_COUNT_METRIC)
                        && !metric.metricName().tags().containsKey("topic"))
                .map(Metric::metricValue)
                .filter(Double.class::isInstance)
                .mapToDouble(Double.class::cast)
                .sum();
    }

    /** Returns whether the reader is closing, after waiting at most this long. */
    private boolean awaitClosing(Duration pause) {
        try {
            return closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
