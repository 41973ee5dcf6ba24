package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Caller;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

@ResourceServerTest
class GracefulStopTest {

    private static final int LOGINS = 24;
    private static final int AT_ONCE = 8;

    private final Api api;
    private final Environment environment;
    private final AuthorizationServer authorizationServer;
    private final NewLogins atFirst;

    @Autowired
    GracefulStopTest(
            Api api, Environment environment, AuthorizationServer authorizationServer, ApplicationContext context) {
        this.api = api;
        this.environment = environment;
        this.authorizationServer = authorizationServer;
        this.atFirst = NewLogins.of(context);
    }

    /** Handing back logins frees capacity. An instance that stops must not use it for waiting tasks. */
    @Test
    void aStoppingInstanceHandsBackItsLoginsAndClaimsNoMore() {
        atFirst.stop();
        Map<String, Caller> tasks = new LinkedHashMap<>();
        try (SecondInstance second = SecondInstance.start(
                environment,
                authorizationServer,
                "perch.simulator.slow-latency=1m",
                "perch.pipeline.concurrency=" + AT_ONCE,
                "perch.pipeline.drain-timeout=1s")) {
            Stream.generate(second.api()::asNewUser)
                    .limit(LOGINS)
                    .forEach(user -> tasks.put(user.submit("slow_stop"), api.as(user)));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> statuses(tasks).filter("running"::equals).count() >= AT_ONCE);
        }

        assertThat(statuses(tasks))
                .as("no login waits for the end of its lease")
                .doesNotContain("running");
        List<String> handedBack = tasks.entrySet().stream()
                .filter(task -> task.getValue()
                        .get("/tasks/" + task.getKey())
                        .body()
                        .path("history")
                        .valueStream()
                        .anyMatch(step -> step.path("detail").asString("").equals("handed_back")))
                .map(Map.Entry::getKey)
                .toList();
        assertThat(handedBack).hasSizeGreaterThanOrEqualTo(AT_ONCE);

        atFirst.start();
        tasks.forEach((taskId, user) -> {
            JsonNode task = user.awaitFinal(taskId);
            assertThat(task.path("status").asString()).isEqualTo("success");
            assertThat(task.path("attempts").asInt()).isEqualTo(handedBack.contains(taskId) ? 2 : 1);
        });
    }

    private static Stream<String> statuses(Map<String, Caller> tasks) {
        return tasks.entrySet().stream().map(task -> task.getValue()
                .get("/tasks/" + task.getKey())
                .body()
                .path("status")
                .asString());
    }
}
