package io.perch.systemtests.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.systemtests.PerchSystem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Data in each store of a stack, to compare them after a restart.
 *
 * @param user the id of alice, who is imported at the first start
 * @param task the id of a login task of alice
 * @param status the status of that task
 * @param topics the ids of the Kafka topics, by name
 */
record Contents(String user, String task, String status, Map<String, String> topics) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Submits a login for alice and waits until it has succeeded. */
    static Contents make(PerchSystem system) throws Exception {
        try (var api = new Api(system)) {
            var task = api.submitLogin();
            await().atMost(Duration.ofSeconds(60)).until(() -> api.status(task).equals("success"));
            return api.contents(task);
        }
    }

    /** Reads the present state of the user, the task and the topics. */
    static Contents read(PerchSystem system, Contents before) throws Exception {
        try (var api = new Api(system)) {
            return api.contents(before.task());
        }
    }

    /** Calls a running system as alice. */
    private static final class Api implements AutoCloseable {

        private final HttpClient http = HttpClient.newHttpClient();
        private final PerchSystem system;
        private final Admin kafka;
        private final JsonNode token;

        Api(PerchSystem system) throws IOException, InterruptedException {
            this.system = system;
            this.kafka = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, system.kafkaBootstrap()));
            this.token = json(
                    HttpRequest.newBuilder(system.keycloak().resolve("/realms/perch/protocol/openid-connect/token"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString(
                                    "grant_type=password&client_id=perch-cli&username=alice&password=perch-demo-alice"
                                            + "&scope=openid")));
        }

        String submitLogin() throws IOException, InterruptedException {
            return json(request("/twitter-login")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString("""
                                            {"username": "survivor", "password": "of-a-restart", "phone_number": "+14155552671"}
                                            """)))
                    .required("task_id")
                    .asString();
        }

        String status(String task) throws IOException, InterruptedException {
            return json(request("/tasks/" + task)).required("status").asString();
        }

        Contents contents(String task) throws IOException, InterruptedException, ExecutionException {
            var user = json(HttpRequest.newBuilder(
                                    system.keycloak().resolve("/realms/perch/protocol/openid-connect/userinfo"))
                            .header(
                                    "Authorization",
                                    "Bearer " + token.required("access_token").asString()))
                    .required("sub")
                    .asString();
            return new Contents(user, task, status(task), topics());
        }

        private Map<String, String> topics() throws ExecutionException, InterruptedException {
            return kafka.listTopics().listings().get().stream()
                    .collect(Collectors.toMap(
                            topic -> topic.name(), topic -> topic.topicId().toString()));
        }

        private HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create(system.api() + path))
                    .header(
                            "Authorization",
                            "Bearer " + token.required("access_token").asString());
        }

        private JsonNode json(HttpRequest.Builder request) throws IOException, InterruptedException {
            var answer = http.send(request.build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
            return JSON.readTree(answer.body());
        }

        @Override
        public void close() {
            kafka.close();
        }
    }
}
