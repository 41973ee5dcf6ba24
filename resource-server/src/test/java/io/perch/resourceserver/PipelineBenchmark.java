package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.UpdateOptions;
import io.perch.resourceserver.Api.Caller;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.test.context.ContextConfiguration;

/**
 * What the pipeline costs: tasks a second from accepted to final, with an other side that answers at once, beside what
 * the same machine does at most for the same in the same run: consuming a record and writing to MongoDB as often as a task
 * is written, on the same conditions. What a write costs decides much of the ratio: the embedded MongoDB reads a whole
 * collection for every query that is more than an id, in both halves alike. No part of the tests; {@code mvn -pl resource-server test -Dtest=PipelineBenchmark} runs it.
 */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "perch.simulator.latency=0ms",
            "perch.task.publish-within=1h",
            "perch.pipeline.sweep-interval=1h",
            "perch.rate-limit.routes.twitter-login.requests=1000000"
        })
@ContextConfiguration(initializers = TestServices.class)
@Import(ApiConfiguration.class)
class PipelineBenchmark {

    private static final String BARE = "bare";
    private static final int TASKS = 4_000;
    private static final int ROUNDS = 5;

    // Until the JVM has compiled both; the pipeline has more to compile
    private static final int WARM_UP_ROUNDS = 4;

    private static final int LISTENERS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Api api;
    private final MongoOperations mongo;
    private final KafkaListenerEndpointRegistry listeners;
    private final KafkaTemplate<String, byte[]> kafka;
    private final KafkaAdmin admin;
    private final String broker;

    @Autowired
    PipelineBenchmark(
            Api api,
            MongoOperations mongo,
            KafkaListenerEndpointRegistry listeners,
            KafkaTemplate<String, byte[]> kafka,
            KafkaAdmin admin,
            @Value("${KAFKA_BROKER_URL}") String broker) {
        this.api = api;
        this.mongo = mongo;
        this.listeners = listeners;
        this.kafka = kafka;
        this.admin = admin;
        this.broker = broker;
    }

    @Test
    void pipelineBesideItsBareLimit() throws Exception {
        List<Double> perch = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        admin.createOrModifyTopics(
                TopicBuilder.name(BARE).partitions(3).replicas(1).build());
        for (int round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round++) {
            double tasks = tasksPerSecond();
            double limit = barePerSecond();
            String name = round <= 0 ? "warm-up" : "round " + round;
            System.out.printf(
                    "%-8s  pipeline %7.0f/s   bare %7.0f/s   ratio %.2f%n", name, tasks, limit, tasks / limit);
            if (round > 0) {
                perch.add(tasks);
                bare.add(limit);
            }
        }
        System.out.printf(
                "medians   pipeline %7.0f/s   bare %7.0f/s   ratio %.2f%n",
                median(perch), median(bare), median(perch) / median(bare));
    }

    /** All tasks are accepted, and their records wait at the broker, before the first is taken up. */
    private double tasksPerSecond() {
        empty("task_statuses", "twitter_users");
        MessageListenerContainer listener = Objects.requireNonNull(listeners.getListenerContainer("twitter-logins"));
        listener.stop();
        Caller user = api.asNewUser();
        IntStream.range(0, TASKS).parallel().forEach(i -> user.submit("u" + i));
        var mine = new Document("user_id", user.subject());
        kafka.flush();

        listener.start();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
            var done = new Document(mine).append("status", "success");
            return tasks().countDocuments(done) == TASKS;
        });

        List<Instant> begun = new ArrayList<>();
        List<Instant> ended = new ArrayList<>();
        for (Document task : tasks().find(mine)) {
            List<Document> history = task.getList("history", Document.class);
            assertThat(history).hasSize(3);
            begun.add(history.get(1).getDate("at").toInstant());
            ended.add(history.get(2).getDate("at").toInstant());
        }
        long first = begun.stream().mapToLong(Instant::toEpochMilli).min().orElseThrow();
        long last = ended.stream().mapToLong(Instant::toEpochMilli).max().orElseThrow();
        return TASKS * 1000.0 / (last - first);
    }

    /** As many records, threads, and writes of a task, its account and its lease, and nothing else. */
    private double barePerSecond() throws InterruptedException {
        String run = UUID.randomUUID().toString();
        List<Document> documents = new ArrayList<>();
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            documents.add(bareTask(run + i));
            sent.add(kafka.send(BARE, "account" + i, (run + i).getBytes(StandardCharsets.UTF_8)));
        }
        // A record that was not taken would be waited for in vain.
        sent.forEach(CompletableFuture::join);
        empty("bare_tasks", "bare_accounts");
        MongoCollection<Document> bareTasks = mongo.getCollection("bare_tasks");
        bareTasks.insertMany(documents);
        mongo.getCollection("bare_accounts").insertMany(documents);

        CountDownLatch left = new CountDownLatch(TASKS);
        List<Long> begun = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = IntStream.range(0, LISTENERS)
                .mapToObj(i -> new Thread(() -> consume(run, left, begun), "bare-" + i))
                .toList();
        threads.forEach(Thread::start);
        assertThat(left.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        long end = System.nanoTime();
        for (Thread thread : threads) {
            thread.join();
        }
        long first = begun.stream().min(Comparator.naturalOrder()).orElseThrow();
        return TASKS * 1e9 / (end - first);
    }

    private void consume(String run, CountDownLatch left, List<Long> begun) {
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
                for (var record : records) {
                    String id = new String(record.value(), StandardCharsets.UTF_8);
                    if (id.startsWith(run)) {
                        write(id);
                        left.countDown();
                    }
                }
                consumer.commitSync();
            }
        }
    }

    private void write(String id) {
        Document byId = new Document("_id", id);
        MongoCollection<Document> bareTasks = mongo.getCollection("bare_tasks");
        MongoCollection<Document> bareLeases = mongo.getCollection("bare_leases");
        bareLeases.updateOne(and(byId, "holder", id), set("owner", id), new UpdateOptions().upsert(true));
        bareTasks.findOneAndUpdate(and(byId, "status", "pending"), step("running"));
        bareTasks.findOneAndUpdate(and(byId, "status", "running"), step("success"));
        bareLeases.findOneAndDelete(and(byId, "holder", id));
        mongo.getCollection("bare_accounts").updateOne(byId, set("last_status", "success"));
    }

    private static Document bareTask(String id) {
        return new Document("_id", id)
                .append("user_id", "user")
                .append("status", "pending")
                .append("attempt", 0)
                .append("due_at", Instant.now())
                .append("history", List.of(new Document("status", "pending").append("at", Instant.now())));
    }

    private static Document step(String status) {
        Document transition = new Document("status", status).append("at", Instant.now());
        return set("status", status).append("$push", new Document("history", transition));
    }

    private static Document and(Document query, String field, Object value) {
        return new Document(query).append(field, value);
    }

    private static Document set(String field, Object value) {
        return new Document("$set", new Document(field, value));
    }

    /** Every round has collections of the same size. */
    private void empty(String... collections) {
        for (String collection : collections) {
            mongo.getCollection(collection).deleteMany(new Document());
        }
    }

    private MongoCollection<Document> tasks() {
        return mongo.getCollection("task_statuses");
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
