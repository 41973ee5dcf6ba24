package io.perch.resourceserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Requests of clients that were written for other servers, and of browsers and monitoring. */
@ResourceServerTest
class OldClientsTest {

    private static final String FORM_PART = "--x\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n";

    private final Api api;
    private final AuthorizationServer server;
    private final Caller anybody;

    @RegisterExtension
    private final AuthApiRecorder keycloak;

    @Autowired
    OldClientsTest(Api api, AuthorizationServer server) {
        this.api = api;
        this.server = server;
        this.anybody = api.withToken(null);
        this.keycloak = new AuthApiRecorder(server);
    }

    @Test
    void nullAndEmptyFieldsAreIgnored() {
        anybody.post("/login", """
                {"email": "bob@perch.example", "username": null, "otp": "", "password": "secret"}
                """);
        assertThat(keycloak.last().body().toString())
                .isEqualTo("{\"email\":\"bob@perch.example\",\"password\":\"secret\"}");

        api.withToken("bob").send("PUT", "/api/v1/users/me", "application/json", BodyPublishers.ofString("""
                {"username": null, "email": "", "first_name": "Bob", "phone": null}
                """));
        assertThat(keycloak.last().body().toString()).isEqualTo("{\"first_name\":\"Bob\"}");

        anybody.send(
                "POST",
                "/token",
                "application/x-www-form-urlencoded",
                BodyPublishers.ofString("username=&password=secret"));
        assertThat(keycloak.last().body().toString()).isEqualTo("{\"password\":\"secret\"}");
    }

    @Test
    void theTokenFormMayBeMultipart() {
        Answer answer =
                multipart(FORM_PART.formatted("username", "bob") + FORM_PART.formatted("password", "gehe\u00efm & +"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(keycloak.last().target()).isEqualTo("/login");
        assertThat(keycloak.last().body().toString())
                .isEqualTo("{\"username\":\"bob\",\"password\":\"gehe\u00efm & +\"}");
    }

    @Test
    void aMultipartFormHasTheSizeLimitAndNoFiles() {
        multipart(FORM_PART.formatted("username", "bob") + FORM_PART.formatted("password", "x".repeat(17_000)))
                .isProblem(413, "content-too-large");
        anybody.send(
                        "POST",
                        "/token",
                        "multipart/form-data; boundary=x",
                        chunked(FORM_PART.formatted("username", "bob")
                                + FORM_PART.formatted("password", "x".repeat(17_000)) + "--x--\r\n"))
                .isProblem(413, "content-too-large");
        multipart(FORM_PART.formatted("username", "a") + FORM_PART.formatted("username", "b"))
                .isProblem(400, "invalid-request");
        assertThat(keycloak.count()).isZero();

        multipart(FORM_PART.formatted("username", "bob")
                + FORM_PART.formatted("password\"; filename=\"file", "from a file"));
        assertThat(keycloak.last().body().toString()).isEqualTo("{\"username\":\"bob\"}");
    }

    private Answer multipart(String parts) {
        return anybody.send(
                "POST", "/token", "multipart/form-data; boundary=x", BodyPublishers.ofString(parts + "--x--\r\n"));
    }

    @Test
    void aBodyWithoutAMediaTypeIsJson() {
        for (BodyPublisher body :
                List.of(BodyPublishers.ofString("{\"username\": \"bob\"}"), chunked("{\"username\": \"bob\"}"))) {
            assertThat(anybody.send(anybody.request("/login").POST(body)).status())
                    .isEqualTo(200);
            assertThat(keycloak.last().body().toString()).isEqualTo("{\"username\":\"bob\"}");
        }
        Caller user = api.asNewUser();
        assertThat(user.send(user.request("/twitter-login").POST(BodyPublishers.ofString(Api.login("untyped"))))
                        .status())
                .isEqualTo(202);
        assertThat(user.send(user.request("/twitter-login").POST(chunked(Api.login("untyped"))))
                        .status())
                .isEqualTo(202);
        user.send(user.request("/twitter-login").POST(chunked(Api.login("untyped") + " ".repeat(17_000))))
                .isProblem(413, "content-too-large");
    }

    @Test
    void otherJsonMediaTypesAreAccepted() {
        assertThat(anybody.send("POST", "/login", "application/vnd.api+json", BodyPublishers.ofString("{}"))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /token/, /login",
        "POST, /api/v1/auth/login/, /login",
        "POST, /balance_hub/auth/register/, /register",
        "GET, /api/v1/users/me/, /me",
        "GET, /api/v1/users/, /users",
    })
    void oldRoutesAcceptATrailingSlash(String method, String path, String call) {
        String type = path.equals("/token/") ? "application/x-www-form-urlencoded" : "application/json";
        String body = path.equals("/token/") ? "username=bob&password=p" : "{}";

        assertThat(anybody.send(method, path, type, BodyPublishers.ofString(body))
                        .status())
                .isEqualTo(200);
        assertThat(keycloak.last().target()).isEqualTo(call);
    }

    @Test
    void pathsOfTheApiAcceptATrailingSlash() {
        Caller user = api.asNewUser();
        Answer accepted = user.post("/twitter-login/", Api.login("slash"));
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(user.get(accepted.header("Location") + "/").status()).isEqualTo(200);
        assertThat(anybody.get("/health/").status()).isEqualTo(200);
        user.get("/admin/users/").isProblem(403, "forbidden");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/health", "/health/liveness", "/openapi.json"})
    void publicPathsAcceptHead(String path) {
        Answer answer = anybody.send(anybody.request(path).method("HEAD", BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.raw().body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tasks", "/twitter-accounts", "/api/v1/users/me", "/api/v1/users"})
    void headIsAcceptedWhereGetIs(String path) {
        Caller user = api.asNewUser();
        Answer answer = user.send(user.request(path).method("HEAD", BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo(user.get(path).header("Content-Type"));
        assertThat(answer.raw().body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "FOO, /login, POST",
        "FOO, /api/v1/users/me, 'GET, HEAD, PUT'",
        "POST, /, 'GET, HEAD'",
        "PROPFIND, /health, 'GET, HEAD'",
        "TRACE, /login, POST",
    })
    void aWrongMethodIsAnsweredWithTheAllowedMethods(String method, String path, String allowed) {
        Answer answer = anybody.send(method, path, "application/json", BodyPublishers.noBody())
                .isProblem(405, "method-not-allowed");

        if (!method.equals("TRACE")) { // the container refuses it with its own list
            assertThat(answer.header("Allow").split(", ?")).containsExactlyInAnyOrder(allowed.split(", "));
        }
    }

    @Test
    void aUserAgentMayHaveNonAsciiCharacters() throws IOException {
        String agent = "User-Agent: iOS 14.0.0 Alamofire/5.2.2 iPhone X\u0280\r\n";
        assertThat(raw("POST /login HTTP/1.1", agent, "{\"username\": \"bob\"}"))
                .startsWith("HTTP/1.1 200");
        String token = "Authorization: Bearer " + server.token("phone-owner", "user") + "\r\n";
        assertThat(raw("POST /twitter-login HTTP/1.1", agent + token, Api.login("phone")))
                .startsWith("HTTP/1.1 202");
        assertThat(raw("POST /twitter-login HTTP/1.1", "X-Name: a\u0001b\r\n" + token, Api.login("phone")))
                .startsWith("HTTP/1.1 400");
    }

    private String raw(String line, String headers, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.setSoTimeout(10_000);
            String request = line + "\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                    + headers + "Content-Length: " + body.getBytes(UTF_8).length + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    @Test
    void proxiesMayNotTransformAStream() {
        Caller user = api.asNewUser();
        Answer answer = user.send(user.request("/tasks/events").method("HEAD", BodyPublishers.noBody()));

        assertThat(answer.header("Cache-Control")).isEqualTo("no-store, no-transform");
    }

    @Test
    void headRequestsOfAFrontEndGetCorsHeaders() {
        Caller user = api.asNewUser();
        Answer answer = user.send(user.request("/tasks")
                .header("Origin", "https://app.perch.example")
                .method("HEAD", BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("https://app.perch.example");
    }

    private static BodyPublisher chunked(String body) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(UTF_8)));
    }
}
