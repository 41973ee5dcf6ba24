package io.perch.systemtests.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import tools.jackson.databind.json.JsonMapper;

/** The topic with the login requests, accessed by a foreign client. */
final class LoginTopic {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String NAME = SystemUnderTest.TOPIC;
    private static final String DEAD_LETTERS = NAME + ".DLT";
    private static final String GROUP = "perch-pipeline";
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaBroker broker;

    LoginTopic(KafkaBroker broker) {
        this.broker = broker;
    }

    /** Publishes every task again this many times, in random order. */
    void repeat(List<StoredTask> tasks, int times, long seed) throws Exception {
        var records = new ArrayList<ProducerRecord<String, byte[]>>();
        for (var task : tasks) {
            var value = JSON.writeValueAsBytes(
                    Map.of("task_id", task.id(), "user_id", task.user(), "twitter_user_id", task.account()));
            records.addAll(Collections.nCopies(times, new ProducerRecord<>(NAME, task.account(), value)));
        }
        Collections.shuffle(records, new Random(seed));
        send(records);
    }

    /**
     * Publishes a record with each value to each partition.
     *
     * @return the number of records
     */
    int poison(List<byte[]> values) throws Exception {
        var records = partitions().stream()
                .flatMap(partition -> values.stream()
                        .map(value -> new ProducerRecord<String, byte[]>(NAME, partition.partition(), null, value)))
                .toList();
        send(records);
        return records.size();
    }

    /** All records of the dead-letter topic. */
    List<ConsumerRecord<String, byte[]>> deadLetters() {
        try (var consumer = consumer()) {
            var partitions = consumer.partitionsFor(DEAD_LETTERS).stream()
                    .map(partition -> new TopicPartition(DEAD_LETTERS, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var found = new ArrayList<ConsumerRecord<String, byte[]>>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(found::add);
            }
            return found;
        }
    }

    /** The number of records that the instances have not acknowledged. */
    long lag() throws ExecutionException, InterruptedException {
        var partitions = partitions();
        try (var admin = broker.admin();
                var consumer = consumer()) {
            var committed = admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get();
            return consumer.endOffsets(partitions).entrySet().stream()
                    .mapToLong(end -> {
                        var offset = committed.get(end.getKey());
                        return end.getValue() - (offset == null ? 0 : offset.offset());
                    })
                    .sum();
        }
    }

    private List<TopicPartition> partitions() throws ExecutionException, InterruptedException {
        try (var admin = broker.admin()) {
            return admin.describeTopics(List.of(NAME)).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .map(partition -> new TopicPartition(NAME, partition.partition()))
                    .collect(Collectors.toList());
        }
    }

    private void send(List<ProducerRecord<String, byte[]>> records) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.address(), "acks", "all");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            var sent = records.stream().map(producer::send).toList();
            for (var metadata : sent) {
                metadata.get();
            }
        }
    }

    private KafkaConsumer<String, byte[]> consumer() {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.address());
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }
}
