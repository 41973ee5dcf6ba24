package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

/** An idle instance runs the tasks that a full instance cannot run. */
@ResourceServerTest
class TwoInstancesTest {

    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private final Api api;
    private final Environment environment;
    private final AuthorizationServer authorizationServer;

    @Autowired
    TwoInstancesTest(Api api, Environment environment, AuthorizationServer authorizationServer) {
        this.api = api;
        this.environment = environment;
        this.authorizationServer = authorizationServer;
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
            Instant submitted = Instant.now();
            for (int i = 0; i < 12; i++) {
                Caller user = full.api().asNewUser();
                users.add(api.as(user));
                tasks.add(user.submit("slow_" + i));
            }
            int begun = 0;
            for (int i = 0; i < tasks.size(); i++) {
                users.get(i).awaitStatus(tasks.get(i), "running");
                JsonNode task = users.get(i).get("/tasks/" + tasks.get(i)).body();
                Instant at =
                        Instant.parse(task.path("history").get(1).path("at").asString());
                begun += Duration.between(submitted, at).compareTo(AT_ONCE.plusSeconds(1)) < 0 ? 1 : 0;
            }
            assertThat(begun).isGreaterThanOrEqualTo(tasks.size() - 1);
        }
    }
}
