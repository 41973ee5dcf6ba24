package io.perch.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.perch.console.Keycloak.Grant;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import redis.embedded.RedisServer;

/** Two instances with one Redis share their sessions. */
class SeveralInstancesTest {

    private static final RedisServer REDIS = redis();
    private static final ServletWebServerApplicationContext ONE = start();
    private static final ServletWebServerApplicationContext OTHER = start();

    private static RedisServer redis() {
        try {
            RedisServer server = RedisServer.newRedisServer()
                    .port(16_379 + (int) (ProcessHandle.current().pid() % 1000))
                    .bind("127.0.0.1")
                    .build();
            server.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ServletWebServerApplicationContext start() {
        return (ServletWebServerApplicationContext) SpringApplication.run(
                ConsoleApplication.class,
                "--server.port=0",
                "--perch.sessions.redis-url=redis://127.0.0.1:" + REDIS.ports().get(0),
                "--perch.keycloak.issuer-uri=" + Servers.KEYCLOAK.issuer(),
                "--perch.keycloak.client-secret=" + Keycloak.SECRET,
                "--perch.forward.api-uri=" + Servers.API.uri());
    }

    @BeforeAll
    static void startBothInstances() {
        assertThat(port(ONE)).isNotEqualTo(port(OTHER));
    }

    @AfterAll
    static void stop() throws IOException {
        ONE.close();
        OTHER.close();
        REDIS.stop();
    }

    private static int port(ServletWebServerApplicationContext instance) {
        return Objects.requireNonNull(instance.getWebServer()).getPort();
    }

    private static Browser sameBrowserAt(ServletWebServerApplicationContext instance, Browser browser) {
        Browser there = new Browser(port(instance));
        browser.cookies().forEach(there::setCookie);
        return there;
    }

    @Test
    void aSignInAtOneInstanceIsValidAtTheOther() {
        Browser browser = new Browser(port(ONE));
        Map<String, String> request = browser.begin("/signin");
        Browser there = sameBrowserAt(OTHER, browser);

        there.send(
                "GET",
                "/callback?code=" + Servers.KEYCLOAK.grant(request, Grant.of("alice", "user")) + "&state="
                        + request.get("state"),
                null,
                Map.of());

        Browser back = sameBrowserAt(ONE, there);
        assertThat(back.me().path("user").path("username").asString()).isEqualTo("alice");
        assertThat(back.change("DELETE", "/api/tasks/1", "").statusCode()).isEqualTo(200);
        assertThat(there.change("POST", "/logout", "").statusCode()).isEqualTo(200);
        assertThat(back.me().path("signed_in").asBoolean()).isFalse();
    }

    @Test
    void aStartedSignInStoresNothing() {
        RedisClient client =
                RedisClient.create("redis://127.0.0.1:" + REDIS.ports().get(0));
        try (StatefulRedisConnection<String, String> redis = client.connect()) {
            List<String> before = redis.sync().keys("*");
            Browser browser = new Browser(port(ONE));
            String path = "/signin?to=/logins?user=" + "a".repeat(900);
            for (int number = 0; number < 2_000; number++) {
                browser.begin(path);
            }

            assertThat(redis.sync().keys("*")).isSubsetOf(before);
        } finally {
            client.shutdown();
        }
    }

    @Test
    void aLogoutAtOneInstanceEndsTheSessionAtTheOther() {
        Grant grant = Grant.of("alice", "user");
        Browser browser = Browser.signedIn(port(ONE), Servers.KEYCLOAK, grant);

        new Browser(port(OTHER))
                .send(
                        "POST",
                        "/logout/connect/back-channel/perch",
                        "logout_token=" + Servers.KEYCLOAK.logoutToken("id-of-alice", grant.sessionId()),
                        Map.of("Content-Type", "application/x-www-form-urlencoded"));

        assertThat(browser.get("/api/tasks").statusCode()).isEqualTo(401);
    }

    @Test
    void concurrentCallsAtBothInstancesRefreshTheTokenOnce() {
        Browser browser = Browser.signedIn(
                port(ONE), Servers.KEYCLOAK, Grant.of("alice", "user").lasting(1));
        Browser there = sameBrowserAt(OTHER, browser);
        await().pollDelay(Duration.ofMillis(1100)).until(() -> true);
        int before = Servers.KEYCLOAK.refreshes();
        ExecutorService callers = Executors.newFixedThreadPool(10);
        try {
            List<CompletableFuture<Integer>> calls = IntStream.range(0, 10)
                    .mapToObj(number -> CompletableFuture.supplyAsync(
                            () -> (number % 2 == 0 ? browser : there)
                                    .get("/api/tasks/1")
                                    .statusCode(),
                            callers))
                    .toList();
            assertThat(calls.stream().map(CompletableFuture::join)).containsOnly(200);
        } finally {
            callers.shutdownNow();
        }
        assertThat(Servers.KEYCLOAK.refreshes() - before).isEqualTo(1);
    }
}
