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

/** A reading of the topic that goes on, and how far it is. Partitions that are added later are read as well. */
public final class FollowedUserEvents implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FollowedUserEvents.class);

    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Goes up with every answer of a broker, twice a second when there is nothing to read. */
    private static final String ANSWERS = "fetch-total";

    private final Supplier<Consumer<String, byte[]>> consumers;
    private final String topic;
    private final Supplier<Instant> since;
    private final java.util.function.Consumer<byte[]> listener;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch caughtUp = new CountDownLatch(1);

    /** Where to read on, also with another consumer. */
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    /** What the topic had when its reading began. */
    private final Map<TopicPartition, Long> goals = new HashMap<>();

    private volatile long lag;
    private volatile long answeredAt = System.nanoTime();
    private double answers;
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
     * Waits until everything was read that was in the topic when the reading began.
     *
     * @return false if that takes longer
     */
    public boolean awaitCaughtUp(Duration patience) throws InterruptedException {
        return caughtUp.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns whether everything was read that was in the topic when the reading began. */
    public boolean isCaughtUp() {
        return caughtUp.getCount() == 0;
    }

    /** Returns how many records are known to be in the topic and were not read yet. */
    public long lag() {
        return lag;
    }

    /** Returns how long no broker has answered; below a second as long as all is well. */
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
            running.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!isClosing(Duration.ZERO)) {
            try (var consumer = consumers.get()) {
                current = consumer;
                follow(consumer);
            } catch (WakeupException | InterruptException e) {
                log.debug("Reading of {} is woken up", topic, e);
            } catch (KafkaException e) {
                log.warn("{} cannot be read, and is asked again: {}", topic, e.getMessage());
                isClosing(PAUSE);
            } catch (RuntimeException e) {
                // Whatever it is: nobody else reads in this thread's place.
                log.error("{} cannot be read, and is asked again", topic, e);
                isClosing(PAUSE);
            } finally {
                current = null;
            }
        }
    }

    private void follow(Consumer<String, byte[]> consumer) {
        answers = 0;
        List<TopicPartition> assigned = List.of();
        while (!isClosing(Duration.ZERO)) {
            List<TopicPartition> partitions = partitions(consumer);
            if (!partitions.equals(assigned)) {
                begin(consumer, partitions);
                assigned = partitions;
            }
            if (assigned.isEmpty()) {
                // Somebody else will make the topic.
                isClosing(PAUSE);
                continue;
            }
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                consume(record);
                positions.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
            }
            report(consumer, assigned);
        }
    }

    /** Costs nothing: the client refreshes what it knows of the topic by itself. */
    private List<TopicPartition> partitions(Consumer<String, byte[]> consumer) {
        List<PartitionInfo> known = consumer.partitionsFor(topic, PATIENCE);
        return known.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .sorted((a, b) -> Integer.compare(a.partition(), b.partition()))
                .toList();
    }

    private void begin(Consumer<String, byte[]> consumer, List<TopicPartition> partitions) {
        List<TopicPartition> added = partitions.stream()
                .filter(partition -> !positions.containsKey(partition))
                .toList();
        // The end is asked for first: what is written after the question for the time must not be missed.
        Map<TopicPartition, Long> ends = consumer.endOffsets(added, PATIENCE);
        long from = since.get().toEpochMilli();
        Map<TopicPartition, Long> times = added.stream().collect(Collectors.toMap(Function.identity(), any -> from));
        Map<TopicPartition, @Nullable OffsetAndTimestamp> starts = consumer.offsetsForTimes(times, PATIENCE);
        for (TopicPartition partition : added) {
            long end = ends.getOrDefault(partition, 0L);
            OffsetAndTimestamp start = starts.get(partition);
            positions.put(partition, start == null ? end : start.offset());
            goals.put(partition, end);
        }
        consumer.assign(partitions);
        partitions.forEach(partition -> consumer.seek(partition, positions.getOrDefault(partition, 0L)));
    }

    private void consume(ConsumerRecord<String, byte[]> record) {
        try {
            listener.accept(record.value());
        } catch (RuntimeException e) {
            log.error("partition={} offset={} of {} was not taken", record.partition(), record.offset(), topic, e);
        }
    }

    private void report(Consumer<String, byte[]> consumer, List<TopicPartition> assigned) {
        lag = assigned.stream()
                .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                .sum();
        double now = answers(consumer);
        if (now != answers) {
            answers = now;
            answeredAt = System.nanoTime();
        }
        if (!isCaughtUp()
                && goals.entrySet().stream()
                        .allMatch(goal -> consumer.position(goal.getKey(), PATIENCE) >= goal.getValue())) {
            caughtUp.countDown();
        }
    }

    private static double answers(Consumer<String, byte[]> consumer) {
        return consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals(ANSWERS)
                        && !metric.metricName().tags().containsKey("topic"))
                .map(Metric::metricValue)
                .filter(Double.class::isInstance)
                .mapToDouble(Double.class::cast)
                .sum();
    }

    /** Waits for the end, or for some time. */
    private boolean isClosing(Duration pause) {
        try {
            return closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
