package io.perch.resourceserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sentry.Sentry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A server with {@code SENTRY_DSN}: what Sentry receives. */
@ResourceServerTest
@DirtiesContext
class SentryTest {

    private static final List<String> RECEIVED = new CopyOnWriteArrayList<>();
    private static final HttpServer SENTRY = start();

    private final Api api;

    @Autowired
    SentryTest(Api api) {
        this.api = api;
    }

    @DynamicPropertySource
    static void sentry(DynamicPropertyRegistry registry) {
        registry.add(
                "sentry.dsn",
                () -> "http://public@127.0.0.1:" + SENTRY.getAddress().getPort() + "/1");
    }

    @AfterAll
    static void stop() {
        Sentry.close();
        SENTRY.stop(0);
    }

    @Test
    void anInternalErrorIsSentWithoutPersonalDataAndSecrets() throws Exception {
        Api.Caller ada = api.asNewUser();

        assertThat(ada.get("/faulty?email=ada@perch.example").status()).isEqualTo(500);

        String event = await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> RECEIVED.stream()
                                .filter(envelope -> envelope.contains("\"type\":\"event\""))
                                .findFirst()
                                .orElse(""),
                        found -> !found.isEmpty());
        assertThat(event)
                .contains("Internal error {}", "ProblemHandler", FaultyController.class.getName(), "stacktrace")
                .doesNotContain(FaultyController.SECRET, "ada@perch.example", ada.subject(), "eyJ", "urn:uuid");
    }

    private static HttpServer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", SentryTest::receive);
            server.start();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void receive(HttpExchange exchange) throws IOException {
        try (InputStream body = new GZIPInputStream(exchange.getRequestBody())) {
            RECEIVED.add(new String(body.readAllBytes(), UTF_8));
        }
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }
}
