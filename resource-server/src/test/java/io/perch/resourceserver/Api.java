package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the running server over HTTP. */
final class Api {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();
    private final int port;
    private final AuthorizationServer authorizationServer;

    Api(int port, AuthorizationServer authorizationServer) {
        this.port = port;
        this.authorizationServer = authorizationServer;
    }

    int port() {
        return port;
    }

    /** A new user with the role {@code user}. No other test uses it. */
    Caller asNewUser() {
        return asNewUser("user");
    }

    Caller asNewUser(String... roles) {
        String subject = UUID.randomUUID().toString();
        return new Caller(subject, authorizationServer.token(subject, roles));
    }

    /** The same user with a new token. */
    Caller withNewToken(Caller caller) {
        return new Caller(caller.subject, authorizationServer.token(caller.subject, "user"));
    }

    /** The same caller at this instance. */
    Caller as(Caller caller) {
        return new Caller(caller.subject, caller.token);
    }

    Caller withToken(@Nullable String token) {
        return new Caller("", token);
    }

    static String login(String username) {
        return """
                {"username": "%s", "password": "%s", "phone_number": "+1234567890", "email": "test@example.com"}
                """.formatted(username, "p@ssw0rd!");
    }

    /** A response of the server. */
    record Answer(int status, JsonNode body, HttpResponse<String> raw) {

        String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }

        /** Asserts that this is a problem of this type. Checks everything that all problems have in common. */
        Answer isProblem(int expectedStatus, String slug) {
            assertThat(status).as(raw.body()).isEqualTo(expectedStatus);
            assertThat(header("Content-Type")).startsWith("application/problem+json");
            assertThat(body.path("type").asString()).isEqualTo("urn:perch:problem:" + slug);
            assertThat(body.path("status").asInt()).isEqualTo(expectedStatus);
            assertThat(body.path("title").asString()).isNotBlank();
            assertThat(body.path("detail").asString()).isNotBlank();
            assertThat(raw.body()).doesNotContain("Exception", "io.perch", "org.springframework", "\tat ");
            return this;
        }

        /** Returns the pointers of all invalid fields. */
        List<String> pointers() {
            return body.path("errors")
                    .valueStream()
                    .map(error -> error.path("pointer").asString())
                    .toList();
        }
    }

    /** A caller of the server. */
    final class Caller {

        private final String subject;
        private final @Nullable String token;

        private Caller(String subject, @Nullable String token) {
            this.subject = subject;
            this.token = token;
        }

        String subject() {
            return subject;
        }

        Answer get(String path) {
            return send(request(path).GET());
        }

        Answer delete(String path) {
            return send(request(path).DELETE());
        }

        Answer post(String path, String body) {
            return send("POST", path, "application/json", BodyPublishers.ofString(body));
        }

        Answer send(String method, String path, String contentType, BodyPublisher body) {
            return send(request(path).header("Content-Type", contentType).method(method, body));
        }

        Answer send(HttpRequest.Builder request) {
            try {
                HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
                boolean isJson = response.headers()
                        .firstValue("Content-Type")
                        .filter(type -> type.contains("json"))
                        .isPresent();
                return new Answer(response.statusCode(), json.readTree(isJson ? response.body() : "null"), response);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        HttpRequest.Builder request(String path) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
            return token == null ? request : request.header("Authorization", "Bearer " + token);
        }

        /** Submits a login and returns the task's id. */
        String submit(String username) {
            Answer answer = post("/twitter-login", login(username));
            assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
            return answer.body().path("task_id").asString();
        }

        /** Waits until a task is final. */
        JsonNode awaitFinal(String taskId) {
            return await().atMost(TIMEOUT)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> get("/tasks/" + taskId).body(), task -> task.path("completed_at")
                            .isString());
        }

        /** Waits until a task has this status. */
        JsonNode awaitStatus(String taskId, String status) {
            return await().atMost(TIMEOUT)
                    .pollInterval(Duration.ofMillis(20))
                    .until(
                            () -> get("/tasks/" + taskId).body(),
                            task -> task.path("status").asString().equals(status));
        }
    }
}
