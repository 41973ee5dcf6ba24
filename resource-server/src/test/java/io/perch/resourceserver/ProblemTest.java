package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ResourceServerTest
@ExtendWith(OutputCaptureExtension.class)
class ProblemTest {

    private final Api api;
    private final Caller user;

    @Autowired
    ProblemTest(Api api) {
        this.api = api;
        this.user = api.asNewUser();
    }

    @Test
    void theRootReturnsAWelcome() {
        Answer greeting = api.withToken(null).get("/");

        assertThat(greeting.status()).isEqualTo(200);
        assertThat(greeting.body().path("docs").asString()).isEqualTo("/docs");
    }

    @Test
    void anUnknownPathIsNotFoundForAllCallers() {
        for (Caller caller : List.of(user, api.withToken(null), api.withToken("no-token"), api.asNewUser("nobody"))) {
            caller.get("/nothing/here").isProblem(404, "not-found");
            caller.get("/admin/nothing").isProblem(404, "not-found");
            caller.post("/tasks/a/b", "{}").isProblem(404, "not-found");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tasks", "/tasks/some-id", "/twitter-login", "/admin/users", "/metrics"})
    void existingPathsNeedAToken(String path) {
        api.withToken(null).get(path).isProblem(401, "unauthorized");
        api.withToken(null).get(path + "/").isProblem(401, "unauthorized");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH", "DELETE", "GET", "PROPFIND", "FOO"})
    void anotherMethodIsNotAllowed(String method) {
        Answer answer = user.send(method, "/twitter-login", "application/json", BodyPublishers.noBody());

        answer.isProblem(405, "method-not-allowed");
        assertThat(answer.header("Allow")).isEqualTo("POST");
    }

    @Test
    void traceIsNotAllowed() {
        user.send("TRACE", "/tasks", "application/json", BodyPublishers.noBody())
                .isProblem(405, "method-not-allowed");
    }

    @Test
    void anUnsupportedAcceptHeaderIsRefused() {
        user.send(user.request("/tasks").header("Accept", "image/png").GET()).isProblem(406, "not-acceptable");
    }

    @Test
    void anInternalErrorShowsOnlyAKeyForTheLog(CapturedOutput log) {
        Answer answer = user.get("/faulty").isProblem(500, "internal-error");

        assertThat(answer.raw().body()).doesNotContain(FaultyController.SECRET, "IllegalState");
        String instance = answer.body().path("instance").asString();
        assertThat(instance).startsWith("urn:uuid:");
        assertThat(log).contains(instance).contains(FaultyController.SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /tasks?x=[] HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /tasks/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /tasks/..%2f..%2fetc HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET //tasks HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /tasks;x=y HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                "NONSENSE\r\n\r\n"
            })
    void aMalformedRequestIsAnsweredWithAProblem(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(response)
                    .startsWith("HTTP/1.1 400")
                    .contains("application/problem+json", "urn:perch:problem:invalid-request");
            assertThat(response).doesNotContain("<html", "Tomcat", "Exception");
        }
    }

    @Test
    void everyAnswerHasTheSecurityHeaders() {
        for (Answer answer : new Answer[] {
            user.get("/tasks"),
            api.withToken(null).get("/tasks"),
            api.withToken(null).get("/")
        }) {
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.header("Cache-Control")).contains("no-store");
            assertThat(answer.header("Content-Security-Policy"))
                    .contains("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'");
            assertThat(answer.header("Server")).isEmpty();
            assertThat(answer.header("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void onlyTheFrontEndsOriginMayCallFromABrowser() {
        Answer allowed = preflight("https://app.perch.example");
        assertThat(allowed.header("Access-Control-Allow-Headers").split(", "))
                .containsExactlyInAnyOrder("authorization", "content-type", "baggage", "traceparent", "cache-control");
        assertThat(allowed.status()).isEqualTo(200);
        assertThat(allowed.header("Access-Control-Allow-Origin")).isEqualTo("https://app.perch.example");
        assertThat(allowed.header("Access-Control-Allow-Credentials")).isEqualTo("true");

        Answer refused = preflight("https://attacker.example");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(refused.header("Access-Control-Allow-Credentials")).isEmpty();
    }

    @Test
    void theDocumentationIsServed() {
        Answer description = api.withToken(null).get("/openapi.json");
        assertThat(description.status()).isEqualTo(200);
        assertThat(description.body().path("paths").propertyNames())
                .contains("/twitter-login", "/tasks", "/tasks/{id}", "/twitter-accounts", "/twitter-accounts/{id}")
                .doesNotContain("/error");
        assertThat(description
                        .body()
                        .at("/components/schemas/TwitterLoginRequest/properties")
                        .propertyNames())
                .containsExactlyInAnyOrder("username", "password", "phone_number", "email");
        assertThat(description
                        .body()
                        .at("/components/schemas/TwitterLoginRequest/required")
                        .valueStream()
                        .map(name -> name.asString()))
                .containsExactlyInAnyOrder("username", "password", "phone_number");

        Answer page = api.withToken(null).get("/docs");
        assertThat(page.status()).isEqualTo(302);
        assertThat(api.withToken(null)
                        .get(page.header("Location").replaceAll("^https?://[^/]+", ""))
                        .raw()
                        .body())
                .contains("swagger-ui");
    }

    @Test
    void healthShowsOnlyTheStatus() {
        Answer health = api.withToken(null).get("/health");

        assertThat(health.status()).isEqualTo(200);
        assertThat(health.body().path("status").asString()).isEqualTo("UP");
        assertThat(health.body().has("components")).isFalse();
    }

    private Answer preflight(String origin) {
        Caller stranger = api.withToken(null);
        return stranger.send(stranger.request("/twitter-login")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header(
                        "Access-Control-Request-Headers",
                        "authorization,content-type,baggage,traceparent,cache-control")
                .method("OPTIONS", BodyPublishers.noBody()));
    }
}
