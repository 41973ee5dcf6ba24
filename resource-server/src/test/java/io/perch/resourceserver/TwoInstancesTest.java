package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An idle instance runs the tasks that a full instance cannot run. */
@ResourceServerTest
class TwoInstancesTest {

    private static final Duration AT_ONCE = Duration.ofSeconds(3);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int TASKS = 12;

    private final Api api;
    private final Environment environment;
    private final AuthorizationServer authorizationServer;
    private final NewLogins atFirst;

    @Autowired
    TwoInstancesTest(
            Api api, Environment environment, AuthorizationServer authorizationServer, ApplicationContext context) {
        this.api = api;
        this.environment = environment;
        this.authorizationServer = authorizationServer;
        this.atFirst = NewLogins.of(context);
    }

    @Test
    void anIdleInstanceRunsTheTasksOfAFullOne() {
        try (SecondInstance full = SecondInstance.start(
                environment,
                authorizationServer,
                "perch.pipeline.concurrency=1",
                "perch.simulator.slow-latency=30s",
                "perch.pipeline.drain-timeout=1s")) {
            List<Caller> users = new ArrayList<>();
            List<String> tasks = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                Caller user = full.api().asNewUser();
                users.add(api.as(user));
                tasks.add(user.submit("slow_" + i));
            }
            int begun = 0;
            for (int i = 0; i < tasks.size(); i++) {
                String path = "/tasks/" + tasks.get(i);
                Caller user = users.get(i);
                // A login may have ended already
                JsonNode history = await().atMost(TIMEOUT)
                        .until(() -> user.get(path).body().path("history"), steps -> steps.size() > 1);
                Duration waited = Duration.between(at(history, 0), at(history, 1));
                begun += waited.compareTo(AT_ONCE) < 0 ? 1 : 0;
            }
            assertThat(begun).isGreaterThanOrEqualTo(tasks.size() - 1);
        }
    }

    @Test
    void aTaskThatWaitsForCapacityIsPublishedOnce() {
        String broker = environment.getRequiredProperty("KAFKA_BROKER_URL");
        Map<String, Caller> tasks = new LinkedHashMap<>();
        atFirst.stop();
        try (SecondInstance full = SecondInstance.start(
                environment,
                authorizationServer,
                "perch.pipeline.concurrency=1",
                "perch.pipeline.poll-interval=200ms",
                "perch.simulator.slow-latency=30s",
                "perch.pipeline.drain-timeout=1s")) {
            for (int i = 0; i < TASKS; i++) {
                Caller user = full.api().asNewUser();
                tasks.put(user.submit("slow_" + i), api.as(user));
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> full.runningLogins() == 1);
            // Many times the interval at which due tasks are looked for
            await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(10)).until(() -> full.runningLogins() == 1);

            List<String> published = KafkaRecords.all(broker, "twitter_login_requests").stream()
                    .map(record -> new JsonMapper()
                            .readTree(record.value())
                            .path("task_id")
                            .asString())
                    .filter(tasks::containsKey)
                    .toList();
            assertThat(published).hasSize(TASKS).doesNotHaveDuplicates();
        } finally {
            atFirst.start();
        }
        tasks.forEach((taskId, user) ->
                assertThat(user.awaitFinal(taskId).path("status").asString()).isEqualTo("success"));
    }

    private static Instant at(JsonNode history, int step) {
        return Instant.parse(history.get(step).path("at").asString());
    }
}
