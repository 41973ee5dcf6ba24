package io.perch.resourceserver;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.Api.Caller;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.test.context.ContextConfiguration;

/**
 * Ten thousand logins at one instance. Measures how long they take with two seconds for each, and the cost if all of
 * them run at the same time. The printed heap includes the broker, the database and the clients. It is not part of the
 * tests; {@code mvn -pl resource-server test -Dtest=ManyLoginsBenchmark} runs it, with virtual threads from JDK 21 on.
 */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "perch.simulator.latency=2s",
            "perch.simulator.slow-latency=4m",
            "perch.pipeline.concurrency=10000",
            "perch.pipeline.poll-interval=2s",
            "perch.rate-limit.routes.twitter-login.requests=1000000",
            "logging.level.io.perch=WARN"
        })
@ContextConfiguration(initializers = TestServices.class)
@Import(ApiConfiguration.class)
class ManyLoginsBenchmark {

    private static final int LOGINS = 10_000;
    private static final Duration TIMEOUT = Duration.ofMinutes(15);
    private static final Duration OFTEN = Duration.ofSeconds(1);
    private static final double MEBIBYTE = 1024 * 1024;

    private final Api api;
    private final MongoOperations mongo;
    private final KafkaListenerEndpointRegistry listeners;
    private final MeterRegistry meters;

    @Autowired
    ManyLoginsBenchmark(Api api, MongoOperations mongo, KafkaListenerEndpointRegistry listeners, MeterRegistry meters) {
        this.api = api;
        this.mongo = mongo;
        this.listeners = listeners;
        this.meters = meters;
    }

    @Test
    void tenThousandLogins() {
        System.out.printf(
                "JDK %s, heap of at most %.0f MiB%n",
                Runtime.version().feature(), Runtime.getRuntime().maxMemory() / MEBIBYTE);
        run("of 2 s each", "u");
        mongo.getCollection("task_statuses").deleteMany(new Document());
        run("all at once, of 4 min", "slow_");
    }

    private void run(String kind, String prefix) {
        MessageListenerContainer listener = Objects.requireNonNull(listeners.getListenerContainer("twitter-logins"));
        listener.stop();
        Caller user = api.asNewUser();
        IntStream.range(0, LOGINS).parallel().forEach(i -> user.submit(prefix + i));
        AtomicInteger most = new AtomicInteger();
        AtomicLong heap = new AtomicLong();

        long begin = System.nanoTime();
        listener.start();
        var done = new Document("status", "success");
        await().atMost(TIMEOUT).pollInterval(OFTEN).until(() -> {
            int running =
                    (int) meters.get("perch.pipeline.logins.running").gauge().value();
            if (running > most.get()) {
                most.set(running);
                heap.set(
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
            }
            return mongo.getCollection("task_statuses").countDocuments(done) == LOGINS;
        });
        System.out.printf(
                "%d logins %s: all ended after %.0f s; at most %d under way at once, with %.0f MiB of heap in use and %d"
                        + " threads (virtual ones not counted)%n",
                LOGINS,
                kind,
                (System.nanoTime() - begin) / 1e9,
                most.get(),
                heap.get() / MEBIBYTE,
                ManagementFactory.getThreadMXBean().getPeakThreadCount());
    }
}
