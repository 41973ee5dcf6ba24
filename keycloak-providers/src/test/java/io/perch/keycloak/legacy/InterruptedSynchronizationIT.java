package io.perch.keycloak.legacy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.DirectGrant;
import io.perch.keycloak.KeycloakProcess;
import jakarta.ws.rs.ProcessingException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.SynchronizationResultRepresentation;

/** A server that dies while it imports goes on where it was. */
class InterruptedSynchronizationIT {

    private static final int USERS = 10_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void aSynchronizationThatWasKilledGoesOnAndBringsEverybodyOnce() throws Exception {
        try (OldDatabase database = OldDatabase.postgresql()) {
            database.run(OldDatabase.FULL_TABLE);
            database.addUsers("ada", USERS);
            String name;
            String component;
            try (KeycloakProcess keycloak = start();
                    Keycloak admin = keycloak.admin()) {
                MovingRealm realm = new MovingRealm(keycloak.address().toString(), admin);
                name = realm.name;
                component = realm.connect(database, "chunk", "100");
                CompletableFuture<Void> killed = CompletableFuture.runAsync(() -> sync(realm, component));
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> realm.count() >= 1_000);
                keycloak.kill();
                killed.join();
            }
            try (KeycloakProcess keycloak = start();
                    Keycloak admin = keycloak.admin()) {
                RealmResource realm = admin.realm(name);
                int before = realm.users().count();
                // H2 writes half a second after a commit, so a chunk or two may be gone
                assertTrue(before >= 100 && before < USERS, () -> before + " before");
                assertEquals(0, before % 100);
                SynchronizationResultRepresentation rest = realm.userStorage().syncUsers(component, "triggerFullSync");
                assertEquals(USERS - before, rest.getAdded());
                assertEquals(0, rest.getFailed());
                assertEquals(USERS, realm.users().count());
                DirectGrant grant = new DirectGrant(keycloak.address().toString(), name);
                assertEquals(200, grant.signIn("ada1", OldDatabase.PASSWORD));
                assertEquals(200, grant.signIn("ada" + USERS, OldDatabase.PASSWORD));
            }
        }
    }

    private static void sync(MovingRealm realm, String component) {
        try {
            realm.sync(component, "triggerFullSync");
        } catch (ProcessingException e) {
            // The server is gone
        }
    }

    private KeycloakProcess start() {
        return KeycloakProcess.start(
                Map.of(),
                List.of(
                        "--db=dev-file",
                        "--db-url=jdbc:h2:file:" + folder.resolve("keycloak") + ";NON_KEYWORDS=VALUE",
                        "--db-kind-legacy=postgres"));
    }
}
