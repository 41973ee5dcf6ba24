package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import io.perch.resourceserver.Api.Caller;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.test.context.ContextConfiguration;

/**
 * What the pipeline costs: tasks a second from the first claim to the last end, with an other side that answers at once, beside
 * the honest limit of the same machine in the same run. The limit consumes as many records, and sends for each batch of them one
 * bulk write that claims by {@code _id}, one read, and one bulk write that finishes by {@code _id}, by hand-written driver calls.
 * No part of the tests; {@code mvn -pl resource-server test -Dtest=PipelineBenchmark} runs it.
 */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "perch.simulator.latency=0ms",
            "perch.pipeline.poll-interval=1h",
            "perch.rate-limit.routes.twitter-login.requests=1000000"
        })
@ContextConfiguration(initializers = TestServices.class)
@Import({ApiConfiguration.class, PipelineBenchmark.Counting.class})
class PipelineBenchmark {

    /** Counts what the server's threads send to MongoDB. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Counting {

        @Bean
        CommandCount commandCount() {
            return new CommandCount();
        }

        @Bean
        MongoClientSettingsBuilderCustomizer countedCommands(CommandCount count) {
            return settings -> settings.addCommandListener(count);
        }
    }

    static final class CommandCount implements CommandListener {

        private final LongAdder commands = new LongAdder();

        @Override
        public void commandStarted(CommandStartedEvent event) {
            String thread = Thread.currentThread().getName();
            if (!thread.equals("main") && !thread.startsWith("awaitility")) {
                commands.increment();
            }
        }
    }

    private static final String BARE = "bare";
    private static final int TASKS = 4_000;
    private static final int ROUNDS = 5;

    // Until the JVM has compiled both; the pipeline has more to compile
    private static final int WARM_UP_ROUNDS = 4;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Api api;
    private final MongoOperations mongo;
    private final NewLogins logins;
    private final KafkaTemplate<String, byte[]> kafka;
    private final KafkaAdmin admin;
    private final CommandCount count;
    private final String broker;

    @Autowired
    PipelineBenchmark(
            Api api,
            MongoOperations mongo,
            ApplicationContext context,
            KafkaTemplate<String, byte[]> kafka,
            KafkaAdmin admin,
            CommandCount count,
            @Value("${KAFKA_BROKER_URL}") String broker) {
        this.api = api;
        this.mongo = mongo;
        this.logins = NewLogins.of(context);
        this.kafka = kafka;
        this.admin = admin;
        this.count = count;
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
        logins.stop();
        Caller user = api.asNewUser();
        long commands = count.commands.sum();
        double records = records();
        IntStream.range(0, TASKS).parallel().forEach(i -> user.submit("u" + i));
        var mine = new Document("user_id", user.subject());
        kafka.flush();

        logins.start();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
            var done = new Document(mine).append("status", "success");
            return tasks().countDocuments(done) == TASKS;
        });

        System.out.printf(
                "          for each task: %.2f commands to MongoDB, %.2f records to Kafka%n",
                (count.commands.sum() - commands) / (double) TASKS, (records() - records) / TASKS);

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

    /** As many records, and one claim, one read and one finish for each batch of them, and nothing else. */
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
        empty("bare_tasks");
        mongo.getCollection("bare_tasks").insertMany(documents);

        CountDownLatch left = new CountDownLatch(TASKS);
        List<Long> begun = java.util.Collections.synchronizedList(new ArrayList<>());
        Thread consumer = new Thread(() -> consume(run, left, begun), "bare");
        consumer.start();
        assertThat(left.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        long end = System.nanoTime();
        consumer.join();
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
                List<String> ids = new ArrayList<>();
                for (var record : records) {
                    String id = new String(record.value(), StandardCharsets.UTF_8);
                    if (id.startsWith(run)) {
                        ids.add(id);
                    }
                }
                if (!ids.isEmpty()) {
                    write(ids);
                    ids.forEach(id -> left.countDown());
                }
                consumer.commitSync();
            }
        }
    }

    private void write(List<String> ids) {
        MongoCollection<Document> bareTasks = mongo.getCollection("bare_tasks");
        bareTasks.bulkWrite(ids.stream()
                .map(id -> new UpdateOneModel<Document>(and(id, "pending"), step("running")))
                .toList());
        bareTasks.find(new Document("_id", new Document("$in", ids))).into(new ArrayList<>());
        bareTasks.bulkWrite(ids.stream()
                .map(id -> new UpdateOneModel<Document>(and(id, "running"), step("success")))
                .toList());
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

    private static Document and(String id, String status) {
        return new Document("_id", id).append("user_id", "user").append("status", status);
    }

    private static Document set(String field, Object value) {
        return new Document("$set", new Document(field, value));
    }

    private double records() {
        return kafka.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("record-send-total")
                        && metric.getKey().group().equals("producer-metrics"))
                .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
                .sum();
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
