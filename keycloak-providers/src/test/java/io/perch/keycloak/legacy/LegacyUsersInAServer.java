package io.perch.keycloak.legacy;

import static org.awaitility.Awaitility.await;

import io.perch.keycloak.KeycloakProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keycloak.admin.client.Keycloak;

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
