package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.UpdateOneModel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.bson.Document;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * A loop of hand-written driver calls, to compare the pipeline with. It consumes as many Kafka records as the pipeline. For
 * each batch it sends one bulk write that claims by {@code _id}, one read, and one bulk write that finishes by {@code _id}.
 */
final class HandWrittenPipeline {

    /** Small documents without an index. */
    static final String BARE = "bare";

    /** Documents and indexes like those of tasks. */
    static final String INDEXED = "indexed";

    private static final int TASKS = PipelineRate.TASKS;
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final MongoOperations mongo;
    private final KafkaTemplate<String, byte[]> kafka;
    private final String broker;

    HandWrittenPipeline(MongoOperations mongo, KafkaTemplate<String, byte[]> kafka, String broker) {
        this.mongo = mongo;
        this.kafka = kafka;
        this.broker = broker;
    }

    static void createTopic(KafkaAdmin admin) {
        admin.createOrModifyTopics(
                TopicBuilder.name(BARE).partitions(3).replicas(1).build());
    }

    /**
     * Runs as many tasks as one measurement of the pipeline.
     *
     * @param collection {@link #BARE} or {@link #INDEXED}
     */
    double tasksPerSecond(String collection) throws InterruptedException {
        String run = UUID.randomUUID().toString();
        List<Document> documents = new ArrayList<>();
        List<CompletableFuture<?>> sent = new ArrayList<>();
        Document pattern = collection.equals(BARE)
                ? new Document()
                : Objects.requireNonNull(tasks().find().first());
        for (int i = 0; i < TASKS; i++) {
            documents.add(waitingTask(pattern, run + i));
            sent.add(kafka.send(BARE, "account" + i, (run + i).getBytes(StandardCharsets.UTF_8)));
        }
        // If a record was not published, the test would wait for it without end
        sent.forEach(CompletableFuture::join);
        mongo.getCollection(collection).deleteMany(new Document());
        mongo.getCollection(collection).insertMany(documents);

        CountDownLatch left = new CountDownLatch(TASKS);
        List<Long> begun = Collections.synchronizedList(new ArrayList<>());
        Thread consumer = new Thread(() -> consume(collection, run, left, begun), collection);
        consumer.start();
        assertThat(left.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        long end = System.nanoTime();
        consumer.join();
        long first = begun.stream().min(Comparator.naturalOrder()).orElseThrow();
        return TASKS * 1e9 / (end - first);
    }

    private void consume(String collection, String run, CountDownLatch left, List<Long> begun) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker,
                "group.id",
                run,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false");
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(BARE));
            while (left.getCount() > 0) {
                var records = consumer.poll(Duration.ofMillis(100));
                if (!records.isEmpty()) {
                    begun.add(System.nanoTime());
                }
                List<String> ids = new ArrayList<>();
                for (var record : records) {
                    String id = new String(record.value(), StandardCharsets.UTF_8);
                    if (id.startsWith(run)) {
                        ids.add(id);
                    }
                }
                if (!ids.isEmpty()) {
                    write(mongo.getCollection(collection), ids, collection.equals(INDEXED));
                    ids.forEach(id -> left.countDown());
                }
                consumer.commitSync();
            }
        }
    }

    private static void write(MongoCollection<Document> tasks, List<String> ids, boolean asTasks) {
        tasks.bulkWrite(ids.stream()
                .map(id -> new UpdateOneModel<Document>(and(id, "pending"), asTasks ? claim(id) : step("running")))
                .toList());
        tasks.find(new Document("_id", new Document("$in", ids))).into(new ArrayList<>());
        tasks.bulkWrite(ids.stream()
                .map(id -> new UpdateOneModel<Document>(and(id, "running"), asTasks ? finish() : step("success")))
                .toList());
    }

    private static Document waitingTask(Document pattern, String id) {
        Instant now = Instant.now();
        return new Document(pattern)
                .append("_id", id)
                .append("user_id", "user")
                .append("status", "pending")
                .append("attempt", 0)
                .append("due_at", now)
                .append("created_at", now)
                .append("updated_at", now)
                .append("history", List.of(new Document("status", "pending").append("at", now)));
    }

    private static Document claim(String id) {
        Instant now = Instant.now();
        Document update = step("running");
        update.get("$set", Document.class)
                .append("attempt", 1)
                .append("owner", "instance")
                .append("claim", "claim")
                .append("slot", id)
                .append("lease_until", now)
                .append("due_at", now)
                .append("updated_at", now);
        return update;
    }

    private static Document finish() {
        Instant now = Instant.now();
        Document update = step("success");
        update.get("$set", Document.class).append("updated_at", now).append("completed_at", now);
        Document unset = new Document();
        List.of("owner", "claim", "slot", "lease_until", "due_at").forEach(field -> unset.append(field, ""));
        return update.append("$unset", unset);
    }

    private static Document step(String status) {
        Document transition = new Document("status", status).append("at", Instant.now());
        return new Document("$set", new Document("status", status))
                .append("$push", new Document("history", transition));
    }

    private static Document and(String id, String status) {
        return new Document("_id", id).append("user_id", "user").append("status", status);
    }

    /** Gives {@link #INDEXED} the indexes of the tasks. */
    void copyIndexes() {
        for (Document index : tasks().listIndexes()) {
            IndexOptions options = new IndexOptions()
                    .name(index.getString("name"))
                    .unique(index.getBoolean("unique", false))
                    .sparse(index.getBoolean("sparse", false));
            Document only = index.get("partialFilterExpression", Document.class);
            if (only != null) {
                options.partialFilterExpression(only);
            }
            mongo.getCollection(INDEXED).createIndex(index.get("key", Document.class), options);
        }
    }

    private MongoCollection<Document> tasks() {
        return mongo.getCollection("task_statuses");
    }
}
