package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import io.micrometer.core.instrument.MeterRegistry;
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
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
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
 * Measures the pipeline: tasks per second from the first claim to the last end, with a login that succeeds at once. It
 * is compared with two limits on the same machine in the same run. A limit consumes the same number of records. For
 * each batch it sends one bulk write that claims by {@code _id}, one read, and one bulk write that finishes by
 * {@code _id}, with hand-written driver calls. The limit "bare" writes small documents without an index. The limit
 * "indexed" writes documents and indexes like those of tasks. A second benchmark compares the pipeline with an empty
 * database and with a database that has many finished tasks.
 *
 * <p>They are not part of the tests; {@code mvn -pl resource-server test -Dtest=PipelineBenchmark} runs both.
 * {@code MONGO_URI} is the MongoDB to measure with, such as that of a running local stack. The second benchmark runs
 * only if it is set.
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

    /** Counts the commands that the server's threads send to MongoDB. */
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
    private static final String INDEXED = "indexed";
    private static final int TASKS = 4_000;
    private static final int ROUNDS = 5;

    // After these rounds the JVM has compiled both. The pipeline has more code to compile
    private static final int WARM_UP_ROUNDS = 4;

    /** The number of finished tasks in the second benchmark. */
    private static final int FINISHED = Integer.getInteger("finished", 1_000_000);

    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final Api api;
    private final MongoOperations mongo;
    private final NewLogins logins;
    private final KafkaTemplate<String, byte[]> kafka;
    private final KafkaAdmin admin;
    private final CommandCount count;
    private final MeterRegistry meters;
    private final String broker;
    private String lastUser = "";

    @Autowired
    PipelineBenchmark(
            Api api,
            MongoOperations mongo,
            ApplicationContext context,
            KafkaTemplate<String, byte[]> kafka,
            KafkaAdmin admin,
            CommandCount count,
            MeterRegistry meters,
            @Value("${KAFKA_BROKER_URL}") String broker) {
        this.api = api;
        this.mongo = mongo;
        this.logins = NewLogins.of(context);
        this.kafka = kafka;
        this.admin = admin;
        this.count = count;
        this.meters = meters;
        this.broker = broker;
    }

    @Test
    void pipelineBesideItsLimits() throws Exception {
        List<Double> perch = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        List<Double> indexed = new ArrayList<>();
        admin.createOrModifyTopics(
                TopicBuilder.name(BARE).partitions(3).replicas(1).build());
        for (int round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round++) {
            double tasks = tasksPerSecond();
            if (round == 1 - WARM_UP_ROUNDS) {
                copyIndexes();
            }
            double bareLimit = limitPerSecond(BARE);
            double indexedLimit = limitPerSecond(INDEXED);
            print(round <= 0 ? "warm-up" : "round " + round, tasks, bareLimit, indexedLimit);
            if (round > 0) {
                perch.add(tasks);
                bare.add(bareLimit);
                indexed.add(indexedLimit);
            }
        }
        print("medians", median(perch), median(bare), median(indexed));
    }

    private static void print(String name, double tasks, double bare, double indexed) {
        System.out.printf(
                "%-8s  pipeline %7.0f/s   bare %7.0f/s   ratio %.2f   indexed %7.0f/s   ratio %.2f%n",
                name, tasks, bare, tasks / bare, indexed, tasks / indexed);
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "MONGO_URI",
            matches = ".+",
            disabledReason = "the database in this JVM's memory has no indexes")
    void pipelineBesideFinishedTasks() {
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            System.out.printf("warm-up   %7.0f/s%n", tasksPerSecond());
        }
        double empty = median(rounds("empty"));
        Instant begin = Instant.now();
        storeFinishedTasks();
        System.out.printf(
                "          %d finished tasks stored in %d s%n",
                FINISHED, Duration.between(begin, Instant.now()).toSeconds());
        double full = median(rounds("full"));
        System.out.printf(
                "medians   empty %7.0f/s   with %d finished tasks %7.0f/s   ratio %.2f%n",
                empty, FINISHED, full, full / empty);
        empty(new Document(), "task_statuses", "twitter_users");
    }

    private List<Double> rounds(String name) {
        return IntStream.range(0, ROUNDS)
                .mapToDouble(round -> {
                    double tasks = tasksPerSecond();
                    System.out.printf("%-8s  %7.0f/s%n", name, tasks);
                    return tasks;
                })
                .boxed()
                .toList();
    }

    /** Copies one finished task. Each copy has its own id and time, and one of a thousand owners. */
    private void storeFinishedTasks() {
        Document finished = Objects.requireNonNull(
                tasks().find(new Document("status", "success")).first());
        List.of("due_at", "slot", "owner", "claim", "lease_until", "forget_at").forEach(finished::remove);
        Instant newest = Instant.now().minusSeconds(3600);
        for (int begin = 0; begin < FINISHED; begin += 1000) {
            List<Document> batch = new ArrayList<>();
            for (int i = begin; i < Math.min(begin + 1000, FINISHED); i++) {
                Instant created = newest.minusMillis(i);
                batch.add(new Document(finished)
                        .append("_id", UUID.randomUUID().toString())
                        .append("user_id", "finished-" + i % 1000)
                        .append("created_at", created)
                        .append("updated_at", created)
                        .append("completed_at", created));
            }
            tasks().insertMany(batch);
        }
    }

    /** All tasks are accepted and their records are published before the first one is claimed. */
    private double tasksPerSecond() {
        empty(new Document("user_id", lastUser), "task_statuses", "twitter_users");
        logins.stop();
        Caller user = api.asNewUser();
        lastUser = user.subject();
        long commands = count.commands.sum();
        double records = records();
        IntStream.range(0, TASKS).parallel().forEach(i -> user.submit("u" + i));
        var mine = new Document("user_id", user.subject());
        kafka.flush();

        double ended = ended();
        logins.start();
        // Queries of the database would slow down the pipeline
        await().atMost(TIMEOUT).until(() -> ended() - ended >= TASKS);

        System.out.printf(
                "          for each task: %.2f commands to MongoDB, %.2f records to Kafka%n",
                (count.commands.sum() - commands) / (double) TASKS, (records() - records) / TASKS);

        List<Instant> starts = new ArrayList<>();
        List<Instant> ends = new ArrayList<>();
        for (Document task : tasks().find(mine)) {
            List<Document> history = task.getList("history", Document.class);
            assertThat(history).hasSize(3);
            starts.add(history.get(1).getDate("at").toInstant());
            ends.add(history.get(2).getDate("at").toInstant());
        }
        long first = starts.stream().mapToLong(Instant::toEpochMilli).min().orElseThrow();
        long last = ends.stream().mapToLong(Instant::toEpochMilli).max().orElseThrow();
        return TASKS * 1000.0 / (last - first);
    }

    /** Consumes the same number of records, with one claim, one read and one finish for each batch. */
    private double limitPerSecond(String collection) throws InterruptedException {
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
        empty(new Document(), collection);
        mongo.getCollection(collection).insertMany(documents);

        CountDownLatch left = new CountDownLatch(TASKS);
        List<Long> begun = java.util.Collections.synchronizedList(new ArrayList<>());
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

    private void copyIndexes() {
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

    private double ended() {
        return meters.counter("perch.tasks.changes", "status", "success").count();
    }

    private double records() {
        return kafka.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("record-send-total")
                        && metric.getKey().group().equals("producer-metrics"))
                .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
                .sum();
    }

    /** All rounds have collections of the same size. */
    private void empty(Document which, String... collections) {
        for (String collection : collections) {
            mongo.getCollection(collection).deleteMany(which);
        }
    }

    private MongoCollection<Document> tasks() {
        return mongo.getCollection("task_statuses");
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
