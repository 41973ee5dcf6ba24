package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoCollection;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.Api.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.bson.Document;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * Measures the pipeline of a server that runs in this JVM: tasks per second from the first claim to the last end, with a
 * login that succeeds at once. The server needs {@link Counting}.
 */
final class PipelineRate {

    /** The number of tasks in one measurement. */
    static final int TASKS = 4_000;

    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final Api api;
    private final MongoOperations mongo;
    private final NewLogins logins;
    private final KafkaTemplate<?, ?> kafka;
    private final CommandCount count;
    private final MeterRegistry meters;
    private String lastUser = "";

    private PipelineRate(ApplicationContext context) {
        this.api = context.getBean(Api.class);
        this.mongo = context.getBean(MongoOperations.class);
        this.logins = NewLogins.of(context);
        this.kafka = context.getBean(KafkaTemplate.class);
        this.count = context.getBean(CommandCount.class);
        this.meters = context.getBean(MeterRegistry.class);
    }

    static PipelineRate of(ApplicationContext context) {
        return new PipelineRate(context);
    }

    /**
     * Submits {@link #TASKS} tasks, and runs them when all are stored and their records are published. Deletes those of
     * the measurement before.
     */
    double tasksPerSecond() {
        // All rounds have collections of the same size
        delete(new Document("user_id", lastUser));
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

    /** Deletes the tasks and accounts that match. */
    void delete(Document filter) {
        mongo.getCollection("task_statuses").deleteMany(filter);
        mongo.getCollection("twitter_users").deleteMany(filter);
    }

    MongoCollection<Document> tasks() {
        return mongo.getCollection("task_statuses");
    }

    static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
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
}
