package io.perch.resourceserver;

import static io.perch.resourceserver.HandWrittenPipeline.BARE;
import static io.perch.resourceserver.HandWrittenPipeline.INDEXED;
import static io.perch.resourceserver.PipelineRate.median;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.test.context.ContextConfiguration;

/**
 * Compares the {@linkplain PipelineRate rate of the pipeline} with two loops of {@linkplain HandWrittenPipeline hand-written
 * driver calls} on the same machine in the same run.
 *
 * <p>It is not part of the tests; {@code mvn -pl resource-server test -Dtest=PipelineBenchmark} runs it. {@code MONGO_URI} is
 * the MongoDB to measure with, such as that of a running local stack.
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
class PipelineBenchmark {

    private static final int ROUNDS = 5;

    // After these rounds the JVM has compiled both. The pipeline has more code to compile
    private static final int WARM_UP_ROUNDS = 4;

    private final PipelineRate pipeline;
    private final HandWrittenPipeline handWritten;
    private final KafkaAdmin admin;

    @Autowired
    PipelineBenchmark(
            ApplicationContext context,
            MongoOperations mongo,
            KafkaTemplate<String, byte[]> kafka,
            KafkaAdmin admin,
            @Value("${KAFKA_BROKER_URL}") String broker) {
        this.pipeline = PipelineRate.of(context);
        this.handWritten = new HandWrittenPipeline(mongo, kafka, broker);
        this.admin = admin;
    }

    @Test
    void pipelineAndHandWrittenCalls() throws Exception {
        List<Double> perch = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        List<Double> indexed = new ArrayList<>();
        HandWrittenPipeline.createTopic(admin);
        for (int round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round++) {
            double tasks = pipeline.tasksPerSecond();
            if (round == 1 - WARM_UP_ROUNDS) {
                handWritten.copyIndexes();
            }
            double bareTasks = handWritten.tasksPerSecond(BARE);
            double indexedTasks = handWritten.tasksPerSecond(INDEXED);
            print(round <= 0 ? "warm-up" : "round " + round, tasks, bareTasks, indexedTasks);
            if (round > 0) {
                perch.add(tasks);
                bare.add(bareTasks);
                indexed.add(indexedTasks);
            }
        }
        print("medians", median(perch), median(bare), median(indexed));
    }

    private static void print(String name, double tasks, double bare, double indexed) {
        System.out.printf(
                "%-8s  pipeline %7.0f/s   bare %7.0f/s   ratio %.2f   indexed %7.0f/s   ratio %.2f%n",
                name, tasks, bare, tasks / bare, indexed, tasks / indexed);
    }
}
