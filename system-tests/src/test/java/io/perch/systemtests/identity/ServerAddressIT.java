package io.perch.systemtests.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Http;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Addresses in the headers of a request are ignored. Only the server's configuration is used. */
class ServerAddressIT extends IdentityTest {

    private static final String FORGED_ADDRESS = "203.0.113.7";

    private final Http http = new Http();

    ServerAddressIT(PerchSystem system) {
        super(system);
    }

    @Test
    void aForeignHostDoesNotChangeTheIssuer() throws IOException {
        assumeTrue("http".equals(system.keycloak().getScheme()), "A TLS proxy chooses the host before Keycloak does");

        var answer = rawGet("/realms/perch/.well-known/openid-configuration", "evil.example");

        assertThat(answer).contains("\"issuer\":\"" + realm.issuer() + "\"").doesNotContain("evil.example");
    }

    @Test
    void forwardedHeadersDoNotChangeTheIssuer() {
        var answer = http.get(
                realm.endpoint("/.well-known/openid-configuration"),
                Map.of(
                        "X-Forwarded-Host", "evil.example",
                        "X-Forwarded-Proto", "https",
                        "X-Forwarded-Port", "4443",
                        "X-Forwarded-Prefix", "/evil",
                        "Forwarded", "host=evil.example;proto=https"));

        assertThat(answer.field("issuer")).isEqualTo(realm.issuer());
        assertThat(answer.body()).doesNotContain("evil");
    }

    @Test
    void aForgedForwardedForIsNotInTheEvent() {
        var user = admin.createUser();

        var answer = realm.token(
                Map.of("X-Forwarded-For", FORGED_ADDRESS, "Forwarded", "for=" + FORGED_ADDRESS),
                Map.of(
                        "grant_type", "password",
                        "client_id", "perch-cli",
                        "username", user.username(),
                        "password", "not the password"));

        assertThat(answer.field("error")).isEqualTo("invalid_grant");
        var events =
                await().until(() -> admin.get("/events?type=LOGIN_ERROR&user=" + user.id()), found -> !found.isEmpty());
        assertThat(events.path(0).path("ipAddress").asString("")).isNotBlank().isNotEqualTo(FORGED_ADDRESS);
    }

    /** {@code java.net.http} does not allow a caller to set the Host header. */
    private String rawGet(String path, String host) throws IOException {
        var keycloak = system.keycloak();
        var port = keycloak.getPort() < 0 ? 80 : keycloak.getPort();
        try (var socket = new Socket(keycloak.getHost(), port)) {
            var request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
