package io.perch.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.console.Keycloak.Grant;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Event streams that no client reads, and those of a server that has crashed, do not use up the limits. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "perch.forward.streams=3",
            "perch.forward.streams-per-session=2",
            "perch.forward.stream-idle=1s",
            "perch.forward.read-timeout=1s"
        })
class EventStreamLimitsTest {

    private static final String EVENTS = "/api/tasks/events";

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        Servers.register(properties);
    }

    /** A permit is free again when the stream's thread has ended, which is after the browser has closed it. */
    @AfterEach
    void allStreamsEnd() {
        await().atMost(Duration.ofSeconds(10)).until(() -> Servers.API.openStreams() == 0);
    }

    private Browser signedIn() {
        return Browser.signedIn(port, Servers.KEYCLOAK, Grant.of("alice", "user"));
    }

    /** The resource server has crashed without closing the connection, and the browser has disconnected. */
    @Test
    void aStreamWithoutDataIsClosedAndOneWithHeartbeatsIsNot() throws IOException {
        HttpResponse<InputStream> withHeartbeats = signedIn().open(EVENTS);
        Browser browser = signedIn();
        for (int number = 0; number < 2; number++) {
            HttpResponse<InputStream> silent = browser.open("/api/tasks/silent/events");
            assertThat(new BufferedReader(new InputStreamReader(silent.body(), StandardCharsets.UTF_8)).readLine())
                    .isEqualTo("id:1");
            silent.body().close();
        }

        openedAgain(browser);

        assertThat(withHeartbeats.body().readNBytes(500)).hasSize(500);
        withHeartbeats.body().close();
    }

    @Test
    void aStreamWithoutDataEndsForTheBrowser() throws IOException {
        try (InputStream silent = signedIn().open("/api/tasks/silent/events").body()) {
            CompletableFuture<String> events = CompletableFuture.supplyAsync(() -> readAll(silent));

            assertThat(events).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("id:1\nevent:task\ndata:{}\n\n");
        }
    }

    private static String readAll(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aServerThatSendsNoHeadersIsUnavailable() throws IOException {
        Browser browser = signedIn();

        assertThat(browser.get("/api/tasks/mute/events").statusCode()).isEqualTo(503);
        assertThat(browser.get("/api/tasks/mute/events").statusCode()).isEqualTo(503);

        openedAgain(browser);
    }

    @Test
    void aSessionHasItsOwnLimit() throws IOException {
        Browser browser = signedIn();
        HttpResponse<InputStream> one = browser.open(EVENTS);
        HttpResponse<InputStream> two = browser.open(EVENTS);

        HttpResponse<String> refused = browser.get(EVENTS);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        HttpResponse<InputStream> ofAnother = signedIn().open(EVENTS);
        assertThat(ofAnother.statusCode()).isEqualTo(200);

        one.body().close();
        openedAgain(browser);
        two.body().close();
        ofAnother.body().close();
    }

    private static void openedAgain(Browser browser) throws IOException {
        HttpResponse<InputStream> stream = await().atMost(Duration.ofSeconds(10))
                .until(() -> browser.open(EVENTS), answer -> answer.statusCode() == 200);
        stream.body().close();
    }
}
