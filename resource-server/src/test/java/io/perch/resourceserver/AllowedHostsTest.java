package io.perch.resourceserver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** A server that accepts requests for some hosts only. */
@ResourceServerTest
@DirtiesContext
@TestPropertySource(properties = "ALLOWED_HOSTS=api.perch.example, *.Internal.example")
class AllowedHostsTest {

    private final Api api;

    @Autowired
    AllowedHostsTest(Api api) {
        this.api = api;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.perch.example",
                "API.perch.example:8000",
                "api.perch.example.",
                "a.internal.example",
                "a.b.internal.example"
            })
    void allowedHostsAreAccepted(String host) throws IOException {
        assertThat(get("/", host)).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "127.0.0.1",
                "localhost:8000",
                "internal.example",
                "evilinternal.example",
                "api.perch.example.evil.example",
                "[::1]"
            })
    void otherHostsAreRefused(String host) throws IOException {
        for (String path : new String[] {"/", "/tasks", "/login", "/nothing", "/openapi.json"}) {
            assertThat(get(path, host))
                    .as(path)
                    .startsWith("HTTP/1.1 400")
                    .contains("application/problem+json", "urn:perch:problem:invalid-request", "Host");
        }
    }

    @ParameterizedTest
    @CsvSource({"/health, 200", "/health/liveness, 200", "/healthy, 400", "/metrics, 401", "/metrics/x, 400"})
    void probesAndPrometheusMayUseTheAddress(String path, int status) throws IOException {
        assertThat(get(path, "127.0.0.1")).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void aForwardedHostIsIgnored() throws IOException {
        assertThat(get("/", "evil.example\r\nX-Forwarded-Host: api.perch.example"))
                .startsWith("HTTP/1.1 400");
    }

    private String get(String path, String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.setSoTimeout(10_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
