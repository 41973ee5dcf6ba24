package io.perch.systemtests.client;

import static org.awaitility.Awaitility.await;

import io.perch.systemtests.PerchSystem;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The resource server's API, called with one access token. */
public final class PerchApi {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Http http = new Http();
    private final PerchSystem system;
    private final Map<String, String> headers;

    private PerchApi(PerchSystem system, Map<String, String> headers) {
        this.system = system;
        this.headers = headers;
    }

    public static PerchApi anonymous(PerchSystem system) {
        return new PerchApi(system, Map.of());
    }

    public static PerchApi withToken(PerchSystem system, String accessToken) {
        return new PerchApi(system, Map.of("Authorization", "Bearer " + accessToken));
    }

    /** The API with a new token of this user. */
    public static PerchApi as(PerchSystem system, TestUser user) {
        Answer answer = new PerchRealm(system).passwordGrant("perch-cli", user);
        if (answer.status() != 200) {
            throw new AssertionError("No token: " + answer);
        }
        return withToken(system, answer.field("access_token"));
    }

    public Answer get(String path) {
        return http.get(URI.create(system.api() + path), headers);
    }

    public Answer delete(String path) {
        return http.delete(URI.create(system.api() + path), headers);
    }

    public Answer post(String path, String json) {
        return http.json("POST", URI.create(system.api() + path), headers, json);
    }

    /** Submits a login. Fails if it is not accepted. */
    public String submit(String username, String password) {
        Answer answer = post(
                "/twitter-login",
                JSON.writeValueAsString(Map.of(
                        "username",
                        username,
                        "password",
                        password,
                        "phone_number",
                        "+1234567890",
                        "email",
                        "test@example.com")));
        if (answer.status() != 202) {
            throw new AssertionError("Not accepted: " + answer);
        }
        return answer.field("task_id");
    }

    /** Waits until a task is final and returns it. */
    public JsonNode awaitFinal(String taskId) {
        return await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> get("/tasks/" + taskId).json(), task -> task.has("completed_at"));
    }
}
