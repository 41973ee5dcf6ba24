package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Caller;
import io.perch.resourceserver.mongo.MongoProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

/** A database that needs a long time to create indexes, as with a large collection. */
@ResourceServerTest
class SlowIndexTest {

    private final Environment environment;
    private final AuthorizationServer authorizationServer;

    @Autowired
    SlowIndexTest(Environment environment, AuthorizationServer authorizationServer) {
        this.environment = environment;
        this.authorizationServer = authorizationServer;
    }

    @Test
    void theServerAcceptsLoginsWhileIndexesAreCreated() throws IOException {
        URI mongo = URI.create(environment.getRequiredProperty("MONGO_URI"));
        String name = "slow-index-" + UUID.randomUUID();
        try (MongoProxy proxy =
                new MongoProxy(new InetSocketAddress(InetAddress.getByName(mongo.getHost()), mongo.getPort()))) {
            proxy.hold("createIndexes");
            try (SecondInstance server = SecondInstance.start(
                    environment,
                    authorizationServer,
                    "MONGO_URI=mongodb://127.0.0.1:" + proxy.port(),
                    "DATABASE_NAME=" + name,
                    "KAFKA_TOPIC_NAME=" + name + "-logins",
                    "KAFKA_EVENTS_TOPIC_NAME=" + name + "-task-events",
                    "KAFKA_USER_EVENTS_TOPIC=" + name + "-user-events",
                    "perch.mongo.timeout=1s")) {
                Caller moderator = server.api().asNewUser("user", "moderator");
                Caller user = server.api().asNewUser();

                String taskId = user.submit("early");
                double polls = polls(moderator);
                // Longer than the timeout of commands, which does not apply to the creation of indexes
                await().during(Duration.ofSeconds(2))
                        .atMost(Duration.ofSeconds(10))
                        .until(() -> missing(moderator).contains("task_statuses.slot")
                                && moderator.get("/health/readiness").status() == 200);
                assertThat(user.get("/tasks/" + taskId).body().path("status").asString())
                        .isEqualTo("pending");
                // One poll in one to two seconds, although a task is due
                assertThat(polls(moderator) - polls).isLessThanOrEqualTo(5);
                for (Caller other : List.of(user, server.api().withToken(null))) {
                    assertThat(other.get("/health").body().path("status").asString())
                            .isEqualTo("UP");
                    assertThat(other.get("/health").body().has("components")).isFalse();
                }

                proxy.repair();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> missing(moderator).isEmpty());
                assertThat(user.awaitFinal(taskId).path("status").asString()).isEqualTo("success");
            }
        }
    }

    private static double polls(Caller moderator) {
        return moderator
                .get("/metrics")
                .raw()
                .body()
                .lines()
                .filter(line -> line.startsWith("perch_pipeline_polls_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static List<String> missing(Caller moderator) {
        return moderator
                .get("/health")
                .body()
                .path("components")
                .path("indexes")
                .path("details")
                .path("missing")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }
}
