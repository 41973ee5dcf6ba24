package io.perch.keycloak.legacy;

import static io.perch.keycloak.legacy.OldDatabase.PASSWORD;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.MetricsIT;
import io.perch.keycloak.PageBrowser;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.representations.idm.SynchronizationResultRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/** A test with a separate realm in the running server, to which users of empty old databases can be imported. */
@ExtendWith(LegacyServer.Shared.class)
@SuppressWarnings("NullAway.Init") // JUnit's methods set the fields
abstract class LegacyUsersInAServer extends WithOldDatabases {

    static KeycloakProcess keycloak;
    static Keycloak admin;

    MovingRealm realm;

    @BeforeAll
    static void findServer(LegacyServer server) {
        keycloak = server.keycloak();
        admin = server.admin();
    }

    @BeforeEach
    void createRealm() {
        realm = new MovingRealm(keycloak.address().toString(), admin);
    }

    @AfterEach
    void deleteRealm() {
        realm.close();
    }

    // Keycloak counts a refused sign-in in the background, and refuses the user's next one until that is done
    void awaitFailures(String user, int failures) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Objects.equals(
                        failures,
                        realm.realm.attackDetection().bruteForceUserStatus(user).get("numFailures")));
    }

    HttpResponse<String> login(String username, String password) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create(keycloak.address() + "/realms/" + realm.name + "/auth-api/v1/login"))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(
                                        "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(username, password)))
                                .build(),
                        BodyHandlers.ofString());
    }
}
