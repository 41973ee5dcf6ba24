package io.perch.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.console.Keycloak.Grant;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Which calls and headers are forwarded to the APIs, and which headers are returned. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"perch.forward.streams=3", "perch.forward.read-timeout=1s"})
class ForwardTest {

    private static final Keycloak KEYCLOAK = Servers.KEYCLOAK;
    private static final Api API = Servers.API;

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        Servers.register(properties);
    }

    @BeforeEach
    void forget() {
        API.forget();
    }

    private Browser signedIn() {
        return Browser.signedIn(port, KEYCLOAK, Grant.of("alice", "user"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/tasks?status=failure&after=a%2Bb, /tasks?status=failure&after=a%2Bb",
        "GET, /api/tasks/1, /tasks/1",
        "POST, /api/twitter-login, /twitter-login",
        "POST, /api/tasks/1/challenge, /tasks/1/challenge",
        "DELETE, /api/twitter-accounts/1, /twitter-accounts/1",
        "POST, /api/admin/tasks/1/retry, /admin/tasks/1/retry",
        "GET, /auth/me, /auth-api/v1/me",
        "PUT, /auth/me, /auth-api/v1/me",
        "DELETE, /auth/me/sessions/1, /auth-api/v1/me/sessions/1"
    })
    void listedCallsAreForwarded(String method, String path, String there) {
        Browser browser = signedIn();

        HttpResponse<String> answer = method.equals("GET")
                ? browser.get(path)
                : browser.change(method, path, method.equals("DELETE") ? "" : "{}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(API.received()).singleElement().satisfies(call -> {
            assertThat(call.method()).isEqualTo(method);
            assertThat(call.path()).isEqualTo(there);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /auth/login, 404",
        "POST, /auth/refresh, 404",
        "POST, /auth/logout, 404",
        "GET, /auth/users, 404",
        "GET, /api/metrics, 404",
        "GET, /api/health, 404",
        "GET, /api/, 404",
        "PUT, /api/tasks/1, 405",
        "GET, /api/admin/users/1, 404",
        "DELETE, /api/admin/users, 405",
        "DELETE, /auth/me/sessions, 405",
        "POST, /auth/me, 405",
        "GET, /api/tasks/..%2fmetrics, 400",
        "GET, /api/tasks/%2e%2e/metrics, 400",
        "GET, /api//metrics, 400"
    })
    void otherCallsAreRefused(String method, String path, int status) {
        Browser browser = signedIn();

        HttpResponse<String> answer = method.equals("GET") ? browser.get(path) : browser.change(method, path, "{}");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(API.received()).isEmpty();
    }

    @Test
    void aWrongMethodIsAnsweredWithTheAllowedMethods() {
        assertThat(signedIn().change("PUT", "/api/tasks/1", "{}").headers().firstValue("Allow"))
                .hasValue("DELETE, GET");
    }

    @Test
    void onlyListedRequestHeadersAreForwarded() {
        Browser browser = signedIn();

        browser.send(
                "GET",
                "/api/tasks",
                null,
                Map.of(
                        "Sec-Fetch-Site", "same-origin",
                        "Accept-Language", "de",
                        "Idempotency-Key", "\"k\"",
                        "Last-Event-ID", "5",
                        "Authorization", "Bearer of-the-browser",
                        "X-Forwarded-For", "6.6.6.6",
                        "Forwarded", "for=6.6.6.6",
                        "X-Forwarded-Host", "evil.example",
                        "DPoP", "proof",
                        "X-Anything", "else"));

        Map<String, String> headers = API.received().get(0).headers();
        assertThat(headers).containsEntry("accept-language", "de").containsEntry("last-event-id", "5");
        assertThat(headers).containsEntry("idempotency-key", "\"k\"").containsEntry("x-forwarded-for", "127.0.0.1");
        assertThat(headers.get("authorization")).startsWith("Bearer access-");
        assertThat(headers)
                .doesNotContainKeys("cookie", "forwarded", "x-forwarded-host", "dpop", "x-anything", "sec-fetch-site");
    }

    @Test
    void onlyListedResponseHeadersAreReturned() {
        HttpResponse<String> answer = signedIn().get("/api/tasks");

        assertThat(answer.headers().map())
                .containsEntry("cache-control", List.of("no-store"))
                .containsEntry("retry-after", List.of("7"))
                .containsKeys("ratelimit", "content-type", "content-security-policy")
                .doesNotContainKeys("set-cookie", "location", "server");
    }

    @Test
    void aRedirectOfAnApiIsNotFollowed() {
        HttpResponse<String> answer = signedIn().get("/api/tasks/moved");

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location")).isEmpty();
    }

    @Test
    void aChangeNeedsTheCsrfTokenOfItsSession() {
        Browser browser = signedIn();
        Map<String, String> json = Map.of("Sec-Fetch-Site", "same-origin", "Content-Type", "application/json");

        assertThat(browser.send("POST", "/api/twitter-login", "{}", json).statusCode())
                .isEqualTo(403);
        assertThat(browser.send(
                                "POST",
                                "/api/twitter-login",
                                "{}",
                                Map.of(
                                        "Sec-Fetch-Site", "same-origin",
                                        "Content-Type", "application/json",
                                        "X-CSRF-TOKEN", signedIn().csrf()))
                        .statusCode())
                .isEqualTo(403);
        assertThat(API.received()).isEmpty();
    }

    @Test
    void aChangeWithoutTheSessionsCookieIsUnauthorized() {
        HttpResponse<String> answer = new Browser(port)
                .send(
                        "POST",
                        "/api/twitter-login",
                        "{}",
                        Map.of("Sec-Fetch-Site", "same-origin", "Content-Type", "application/json"));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @ParameterizedTest
    @CsvSource({"cross-site", "same-site", "none"})
    void requestsOfOtherSitesAreRefused(String site) {
        Browser browser = signedIn();
        String csrf = browser.csrf();

        for (String path : List.of("/api/tasks", "/auth/me", "/bff/me")) {
            assertThat(browser.send("GET", path, null, Map.of("Sec-Fetch-Site", site))
                            .statusCode())
                    .isEqualTo(403);
        }
        assertThat(browser.send("POST", "/logout", null, Map.of("Sec-Fetch-Site", site, "X-CSRF-TOKEN", csrf))
                        .statusCode())
                .isEqualTo(403);
        assertThat(API.received()).isEmpty();
    }

    @Test
    void withoutFetchMetadataAChangeNeedsTheConsoleAsItsOrigin() {
        Browser browser = signedIn();
        String csrf = browser.csrf();
        Map<String, String> evil = Map.of("Origin", "https://evil.example", "X-CSRF-TOKEN", csrf);
        Map<String, String> own = Map.of("Origin", "http://localhost:3000", "X-CSRF-TOKEN", csrf);

        assertThat(browser.send("DELETE", "/api/tasks/1", null, Map.of("X-CSRF-TOKEN", csrf))
                        .statusCode())
                .isEqualTo(403);
        assertThat(browser.send("DELETE", "/api/tasks/1", null, evil).statusCode())
                .isEqualTo(403);
        assertThat(browser.send("DELETE", "/api/tasks/1", null, own).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"application/x-www-form-urlencoded", "text/plain", "multipart/form-data"})
    void formsAreRefused(String contentType) {
        Browser browser = signedIn();

        HttpResponse<String> answer = browser.send(
                "POST",
                "/api/twitter-login",
                "{}",
                Map.of("Sec-Fetch-Site", "same-origin", "Content-Type", contentType, "X-CSRF-TOKEN", browser.csrf()));

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(API.received()).isEmpty();
    }

    @Test
    void aLargeBodyIsRefused() {
        assertThat(signedIn()
                        .change("POST", "/api/twitter-login", "\"" + "x".repeat(17_000) + "\"")
                        .statusCode())
                .isEqualTo(413);
        assertThat(API.received()).isEmpty();
    }

    @Test
    void tenConcurrentCallsRefreshTheTokenOnce() {
        Browser browser =
                Browser.signedIn(port, KEYCLOAK, Grant.of("alice", "user").lasting(1));
        // More than half of the token's lifetime is over then, so it must be refreshed
        await().pollDelay(Duration.ofMillis(1100)).until(() -> true);
        int before = KEYCLOAK.refreshes();
        ExecutorService callers = Executors.newFixedThreadPool(10);
        try {
            List<CompletableFuture<Integer>> calls = IntStream.range(0, 10)
                    .mapToObj(number -> CompletableFuture.supplyAsync(
                            () -> browser.get("/api/tasks/" + number).statusCode(), callers))
                    .toList();

            assertThat(calls.stream().map(CompletableFuture::join)).containsOnly(200);
        } finally {
            callers.shutdownNow();
        }
        assertThat(KEYCLOAK.refreshes() - before).isEqualTo(1);
        assertThat(KEYCLOAK.reused()).isZero();
        assertThat(API.received().stream()
                        .map(call -> call.headers().get("authorization"))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void aRefusedRefreshEndsTheSession() {
        Grant grant = Grant.of("alice", "user").lasting(1);
        Browser browser = Browser.signedIn(port, KEYCLOAK, grant);
        KEYCLOAK.end(grant.sessionId());
        await().pollDelay(Duration.ofMillis(1100)).until(() -> true);

        HttpResponse<String> refused = browser.get("/api/tasks");

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("urn:perch:problem:session-ended");
        assertThat(browser.me().path("signed_in").asBoolean()).isFalse();
    }

    @Test
    void aTokenThatTheApiRefusesEndsTheSession() {
        Browser browser = signedIn();

        HttpResponse<String> refused = browser.get("/api/tasks/ended");

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("urn:perch:problem:session-ended");
        assertThat(browser.me().path("signed_in").asBoolean()).isFalse();
    }

    @Test
    void aCallThatNeedsAFreshSignInDoesNotEndTheSession() {
        Browser browser = signedIn();

        HttpResponse<String> refused = browser.change("DELETE", "/api/tasks/fresh", "");

        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("insufficient-user-authentication");
        assertThat(browser.me().path("signed_in").asBoolean()).isTrue();
    }

    @Test
    void anEventStreamHasNoReadTimeoutAndEndsWhenTheClientDisconnects() throws IOException {
        HttpResponse<InputStream> stream = signedIn().open("/api/tasks/events");
        assertThat(stream.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
        assertThat(Stream.generate(() -> line(lines)).limit(3)).containsExactly("id:1", "event:task", "data:{}");

        long end = System.nanoTime() + Duration.ofMillis(1500).toNanos();
        while (System.nanoTime() < end) {
            assertThat(line(lines)).isIn("", ":");
        }
        assertThat(API.openStreams()).isEqualTo(1);
        stream.body().close();

        await().atMost(Duration.ofSeconds(10)).until(() -> API.openStreams() == 0);
    }

    @Test
    void streamsAboveTheLimitAreRefused() throws IOException {
        Browser browser = signedIn();
        List<HttpResponse<InputStream>> streams = IntStream.range(0, 3)
                .mapToObj(number -> browser.open("/api/tasks/events"))
                .toList();

        HttpResponse<String> refused = browser.get("/api/tasks/events");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(browser.get("/api/tasks").statusCode()).isEqualTo(200);

        for (HttpResponse<InputStream> stream : streams) {
            stream.body().close();
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> API.openStreams() == 0);
        HttpResponse<InputStream> next = await().atMost(Duration.ofSeconds(10))
                .until(() -> browser.open("/api/tasks/events"), stream -> stream.statusCode() == 200);
        next.body().close();
    }

    private static String line(BufferedReader lines) {
        try {
            return String.valueOf(lines.readLine());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
