package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.kafka.core.KafkaTemplate;

/** Two thousand clients at one instance. */
@ResourceServerTest
@Timeout(120)
class ManyEventStreamsTest {

    private static final int USERS = 200;
    private static final int STREAMS_PER_USER = 10;
    private static final int CLIENTS = USERS * STREAMS_PER_USER;
    private static final long HEAP_PER_CLIENT = 160 * 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Api api;
    private final AuthorizationServer authorizationServer;
    private final KafkaTemplate<String, byte[]> kafka;
    private final MongoOperations mongo;
    private final MeterRegistry meters;

    @Autowired
    ManyEventStreamsTest(
            Api api,
            AuthorizationServer authorizationServer,
            KafkaTemplate<String, byte[]> kafka,
            MongoOperations mongo,
            MeterRegistry meters) {
        this.api = api;
        this.authorizationServer = authorizationServer;
        this.kafka = kafka;
        this.mongo = mongo;
        this.meters = meters;
    }

    @Test
    void twoThousandClientsGetTheirEventsInBoundedMemory() throws IOException {
        List<Api.Caller> users = new ArrayList<>();
        AtomicIntegerArray events = new AtomicIntegerArray(CLIENTS);
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        long before = usedHeap();
        try (ManyEventClients clients = new ManyEventClients((client, data) -> events.incrementAndGet(client))) {
            for (int i = 0; i < USERS; i++) {
                Api.Caller user = api.asNewUser();
                users.add(user);
                String token = authorizationServer.token(user.subject(), "user");
                for (int stream = 0; stream < STREAMS_PER_USER; stream++) {
                    clients.open(api.port(), "/tasks/events", token);
                }
                // Directly after its start the server answers some of two thousand parallel requests with 503
                int before100 = users.size() * STREAMS_PER_USER - 100;
                await().atMost(TIMEOUT).until(() -> clients.opened() >= before100);
            }
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(clients.opened()).isEqualTo(CLIENTS));
            assertThat(meters.get("perch.live.clients").gauge().value()).isGreaterThanOrEqualTo(CLIENTS);

            for (int version = 1; version <= 3; version++) {
                int current = version;
                List<CompletableFuture<?>> sent = new ArrayList<>();
                for (Api.Caller user : users) {
                    String task = "task-of-" + user.subject();
                    mongo.save(TaskFixtures.document(user.subject(), task, version), "task_statuses");
                    sent.add(kafka.send("task-events", TaskFixtures.event(user.subject(), task, version)));
                }
                sent.forEach(CompletableFuture::join);
                await().atMost(TIMEOUT).untilAsserted(() -> {
                    for (int client = 0; client < CLIENTS; client++) {
                        assertThat(events.get(client)).isEqualTo(current);
                    }
                });
            }
            long perClient = (usedHeap() - before) / CLIENTS;
            System.out.printf(
                    "%d clients: %d bytes of heap each, %d threads more%n",
                    CLIENTS, perClient, ManagementFactory.getThreadMXBean().getThreadCount() - threads);
            assertThat(perClient).isLessThan(HEAP_PER_CLIENT);
        }
        double rest = CLIENTS / 100.0;
        await().atMost(TIMEOUT)
                .until(() -> meters.get("perch.live.clients").gauge().value() < rest);
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
