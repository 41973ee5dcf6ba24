package io.perch.resourceserver;

import static io.perch.resourceserver.PipelineRate.median;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/**
 * Compares the {@linkplain PipelineRate rate of the pipeline} on an empty database with the rate on a database that has many
 * finished tasks.
 *
 * <p>It is not part of the tests; {@code mvn -pl resource-server test -Dtest=FinishedTasksBenchmark} runs it. {@code MONGO_URI}
 * is the MongoDB to measure with, such as that of a running local stack. All its tasks and accounts are deleted at the end.
 */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "perch.simulator.latency=0ms",
            "perch.pipeline.poll-interval=1h",
            "perch.rate-limit.routes.twitter-login.requests=1000000"
        })
@ContextConfiguration(initializers = TestServices.class)
@Import({ApiConfiguration.class, PipelineRate.Counting.class})
@EnabledIfEnvironmentVariable(
        named = "MONGO_URI",
        matches = ".+",
        disabledReason = "the database in this JVM's memory has no indexes")
class FinishedTasksBenchmark {

    private static final int ROUNDS = 5;

    // After these rounds the JVM has compiled the pipeline, and the database has written what was stored before
    private static final int WARM_UP_ROUNDS = 4;

    /** The number of finished tasks. */
    private static final int FINISHED = Integer.getInteger("finished", 1_000_000);

    private final PipelineRate pipeline;

    @Autowired
    FinishedTasksBenchmark(ApplicationContext context) {
        this.pipeline = PipelineRate.of(context);
    }

    @Test
    void pipelineWithManyFinishedTasks() {
        warmUp();
        double empty = median(rounds("empty"));
        Instant begin = Instant.now();
        storeFinishedTasks();
        System.out.printf(
                "          %d finished tasks stored in %d s%n",
                FINISHED, Duration.between(begin, Instant.now()).toSeconds());
        // The database still writes the new tasks to its file
        warmUp();
        double full = median(rounds("full"));
        System.out.printf(
                "medians   empty %7.0f/s   with %d finished tasks %7.0f/s   ratio %.2f%n",
                empty, FINISHED, full, full / empty);
        pipeline.delete(new Document());
    }

    private void warmUp() {
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            System.out.printf("warm-up   %7.0f/s%n", pipeline.tasksPerSecond());
        }
    }

    private List<Double> rounds(String name) {
        return IntStream.range(0, ROUNDS)
                .mapToDouble(round -> {
                    double tasks = pipeline.tasksPerSecond();
                    System.out.printf("%-8s  %7.0f/s%n", name, tasks);
                    return tasks;
                })
                .boxed()
                .toList();
    }

    /** Copies one finished task. Each copy has its own id and time, and one of a thousand owners. */
    private void storeFinishedTasks() {
        Document finished = Objects.requireNonNull(
                pipeline.tasks().find(new Document("status", "success")).first());
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
            pipeline.tasks().insertMany(batch);
        }
    }
}
