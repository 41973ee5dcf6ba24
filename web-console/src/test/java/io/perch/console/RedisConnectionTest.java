package io.perch.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.console.Keycloak.Grant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import redis.embedded.RedisServer;

/** A Redis with TLS, a Redis that stops, and one that does not answer. */
class RedisConnectionTest {

    /** The first byte of a TLS connection: a handshake record (RFC 8446, section 5.1). */
    private static final int TLS_HANDSHAKE = 22;

    private static final Duration LIMIT = Duration.ofSeconds(3);

    /** The browser's cookie of a session. The value is a session id in Base64. */
    private static final Map<String, String> SESSION =
            Map.of("Cookie", "perch-session=MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw");

    private static ServletWebServerApplicationContext start(String redisUrl) {
        return (ServletWebServerApplicationContext) SpringApplication.run(
                ConsoleApplication.class,
                "--server.port=0",
                "--perch.sessions.redis-url=" + redisUrl,
                "--perch.keycloak.issuer-uri=" + Servers.KEYCLOAK.issuer(),
                "--perch.keycloak.client-secret=" + Keycloak.SECRET,
                "--perch.forward.api-uri=" + Servers.API.uri());
    }

    private static Browser browserAt(ServletWebServerApplicationContext console) {
        return new Browser(Objects.requireNonNull(console.getWebServer()).getPort());
    }

    private static ServerSocket silentServer() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @Test
    void aUrlWithTlsSendsNothingInClearText() throws IOException {
        try (ServerSocket server = silentServer();
                ServletWebServerApplicationContext console =
                        start("rediss://:secret@127.0.0.1:" + server.getLocalPort())) {
            CompletableFuture<HttpResponse<String>> answer =
                    CompletableFuture.supplyAsync(() -> browserAt(console).send("GET", "/bff/me", null, SESSION));

            try (Socket connection = server.accept()) {
                assertThat(connection.getInputStream().read()).isEqualTo(TLS_HANDSHAKE);
            }
            assertThat(answer.join().statusCode()).isEqualTo(503);
        }
    }

    @Test
    void aRedisThatDoesNotAnswerEndsARequestInTime() throws IOException {
        try (ServerSocket server = silentServer();
                ServletWebServerApplicationContext console = start("redis://127.0.0.1:" + server.getLocalPort())) {
            assertUnavailableInTime(browserAt(console), SESSION);
        }
    }

    @Test
    void aStoppedRedisEndsARequestInTimeAndIsUsedAgainLater() throws IOException {
        RedisServer redis = redis();
        redis.start();
        try (ServletWebServerApplicationContext console =
                start("redis://127.0.0.1:" + redis.ports().get(0))) {
            Browser browser = browserAt(console);
            browser.signIn(Servers.KEYCLOAK, Grant.of("alice", "user"), "/signin");
            assertThat(browser.me().path("signed_in").asBoolean()).isTrue();

            redis.stop();
            assertUnavailableInTime(browser, Map.of());
            assertUnavailableInTime(browser, Map.of());
            assertThat(browserAt(console).get("/").statusCode())
                    .as("without a session")
                    .isEqualTo(200);

            redis.start();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> browser.get("/bff/me").statusCode() == 200);
        } finally {
            redis.stop();
        }
    }

    private static RedisServer redis() throws IOException {
        return RedisServer.newRedisServer()
                .port(17_379 + (int) (ProcessHandle.current().pid() % 1000))
                .bind("127.0.0.1")
                .build();
    }

    private static void assertUnavailableInTime(Browser browser, Map<String, String> headers) {
        long start = System.nanoTime();
        HttpResponse<String> answer = browser.send("GET", "/bff/me", null, headers);
        Duration time = Duration.ofNanos(System.nanoTime() - start);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(time).isLessThan(LIMIT);
    }
}
