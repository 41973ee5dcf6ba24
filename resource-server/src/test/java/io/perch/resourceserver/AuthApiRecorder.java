package io.perch.resourceserver;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Replaces the auth API and records its requests, because Keycloak would not show what this server forwards. The system
 * tests use the real auth API. As an extension of JUnit it is closed after the test.
 */
final class AuthApiRecorder implements HttpHandler, AutoCloseable, AfterEachCallback {

    private static final String PATH = "/auth-api/v1";

    private final AuthorizationServer server;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private volatile Reply reply = new Reply(200, "application/json", "{}", null);

    /** A received request. */
    record Call(String method, String target, Headers headers, JsonNode body) {

        @Nullable
        String header(String name) {
            return headers.getFirst(name);
        }
    }

    private record Reply(
            int status, String type, String body, @Nullable String retryAfter) {}

    AuthApiRecorder(AuthorizationServer server) {
        this.server = server;
        server.serve(PATH, this);
    }

    /** Sets its response. */
    void answer(int status, String json) {
        reply = new Reply(status, status < 400 ? "application/json" : "application/problem+json", json, null);
    }

    void answer(int status, String type, String body) {
        reply = new Reply(status, type, body, "7");
    }

    /** The last request. */
    Call last() {
        return calls.get(calls.size() - 1);
    }

    int count() {
        return calls.size();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        calls.add(new Call(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString().substring("/realms/perch".length() + PATH.length()),
                exchange.getRequestHeaders(),
                new JsonMapper().readTree(body.isEmpty() ? "null" : body)));
        Reply now = reply;
        byte[] bytes = now.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", now.type());
        exchange.getResponseHeaders().set("Set-Cookie", "KEYCLOAK=1");
        if (now.retryAfter() != null) {
            exchange.getResponseHeaders().set("Retry-After", Objects.requireNonNull(now.retryAfter()));
        }
        exchange.sendResponseHeaders(now.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        server.stopServing(PATH);
    }
}
