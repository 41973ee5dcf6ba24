package io.perch.resourceserver;

import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Caller;
import io.perch.resourceserver.task.TaskChanged;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.test.context.ContextConfiguration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures the time from the write of a task in the database until a client reads the event. One client reads at the
 * instance that has written the task, and one at another instance, which receives the event from Kafka. It is not part
 * of the tests; {@code mvn -pl resource-server test -Dtest=EventLatencyBenchmark} runs it.
 */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"perch.simulator.latency=0ms", "perch.rate-limit.routes.twitter-login.requests=1000000"})
@ContextConfiguration(initializers = TestServices.class)
@Import({ApiConfiguration.class, EventLatencyBenchmark.Stopwatch.class})
class EventLatencyBenchmark {

    private static final int USERS = 100;
    private static final int WARM_UP = 500;
    private static final int TASKS = 2_000;
    private static final long PAUSE_MILLIS = 40;
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final Api api;
    private final Environment environment;
    private final AuthorizationServer authorizationServer;
    private final Stopwatch stopwatch;

    @Autowired
    EventLatencyBenchmark(
            Api api, Environment environment, AuthorizationServer authorizationServer, Stopwatch stopwatch) {
        this.api = api;
        this.environment = environment;
        this.authorizationServer = authorizationServer;
        this.stopwatch = stopwatch;
    }

    @Test
    void latencyOfEvents() throws Exception {
        List<Caller> users = Stream.generate(api::asNewUser).limit(USERS).toList();
        try (SecondInstance second = SecondInstance.start(environment, authorizationServer);
                Lines here = new Lines(stopwatch);
                Lines there = new Lines(stopwatch)) {
            for (Caller user : users) {
                String token = authorizationServer.token(user.subject(), "user");
                here.clients.open(api.port(), "/tasks/events", token);
                there.clients.open(second.api().port(), "/tasks/events", token);
            }
            await().atMost(TIMEOUT).until(() -> here.clients.opened() + there.clients.opened() == 2 * USERS);

            submit(users, WARM_UP);
            await().atMost(TIMEOUT).until(() -> here.ended.get() == WARM_UP && there.ended.get() == WARM_UP);
            here.nanos.clear();
            there.nanos.clear();
            submit(users, TASKS);
            await().atMost(TIMEOUT)
                    .until(() -> here.ended.get() == WARM_UP + TASKS && there.ended.get() == WARM_UP + TASKS);

            System.out.printf(
                    "%d users, each with a stream at two instances; %d logins a second%n",
                    USERS, TimeUnit.SECONDS.toMillis(1) / PAUSE_MILLIS);
            print("the instance that wrote it", here);
            print("another instance", there);
        }
    }

    /** Submits logins at a constant rate, whatever the response times are. */
    private static void submit(List<Caller> users, int tasks) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        var pace = Executors.newScheduledThreadPool(4);
        for (int i = 0; i < tasks; i++) {
            var unused = pace.schedule(
                    () -> {
                        int task = next.getAndIncrement();
                        users.get(task % users.size()).submit("u" + task);
                    },
                    i * PAUSE_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
        pace.shutdown();
        if (!pace.awaitTermination(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("The server does not keep up");
        }
    }

    private static void print(String where, Lines lines) {
        long[] sorted = lines.nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "%-28s %6d changes   median %6.1f ms   p99 %6.1f ms   longest %6.1f ms%n",
                where,
                sorted.length,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }

    /** Records when this instance has written a change, before other listeners publish it. */
    static class Stopwatch {

        private final Map<String, Long> written = new ConcurrentHashMap<>();

        @EventListener
        @Order(Ordered.HIGHEST_PRECEDENCE)
        void onChange(TaskChanged changed) {
            var task = changed.snapshot().task();
            written.put(task.taskId() + task.status().wireName(), System.nanoTime());
        }
    }

    /** The events that clients of one instance read, and their age. */
    private static final class Lines implements AutoCloseable {

        private static final JsonMapper MAPPER = new JsonMapper();

        private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
        private final AtomicInteger ended = new AtomicInteger();
        private final Stopwatch stopwatch;
        private final ManyEventClients clients;

        private Lines(Stopwatch stopwatch) throws IOException {
            this.stopwatch = stopwatch;
            this.clients = new ManyEventClients((client, data) -> read(data));
        }

        private void read(String data) {
            long now = System.nanoTime();
            JsonNode task = MAPPER.readTree(data);
            String status = task.path("status").asString();
            Long written = stopwatch.written.get(task.path("task_id").asString() + status);
            if (written != null) {
                nanos.add(now - written);
            }
            if (status.equals("success")) {
                ended.incrementAndGet();
            }
        }

        @Override
        public void close() throws IOException {
            clients.close();
        }
    }
}
