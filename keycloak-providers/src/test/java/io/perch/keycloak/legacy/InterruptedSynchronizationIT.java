package io.perch.keycloak.legacy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.DirectGrant;
import io.perch.keycloak.KeycloakProcess;
import jakarta.ws.rs.ProcessingException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.SynchronizationResultRepresentation;

/** A server that crashes during a synchronization continues it after the restart. */
class InterruptedSynchronizationIT {

    private static final int USERS = 10_000;
    private static final int CHUNK = 100;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void killedSynchronizationsContinueAndImportEveryUserOnce() throws Exception {
        try (OldDatabase postgresql = OldDatabase.postgresql();
                OldDatabase mariadb = OldDatabase.mariadb();
                OldDatabase mongodb = OldDatabase.mongodb()) {
            Map<MovingRealm, String> realms = new HashMap<>();
            try (KeycloakProcess keycloak = start();
                    Keycloak admin = keycloak.admin()) {
                for (OldDatabase database : List.of(postgresql, mariadb, mongodb)) {
                    database.addUsers("ada", USERS);
                    MovingRealm realm = new MovingRealm(keycloak.address().toString(), admin);
                    realms.put(realm, realm.connect(database, "chunk", Integer.toString(CHUNK)));
                }
                List<CompletableFuture<Void>> killed = realms.entrySet().stream()
                        // Each in a separate thread, also on a machine with few processors
                        .map(each -> CompletableFuture.runAsync(
                                () -> sync(each.getKey(), each.getValue()), task -> new Thread(task).start()))
                        .toList();
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> realms.keySet().stream().allMatch(realm -> realm.count() >= 10 * CHUNK));
                keycloak.kill();
                killed.forEach(CompletableFuture::join);
            }
            try (KeycloakProcess keycloak = start();
                    Keycloak admin = keycloak.admin()) {
                for (Map.Entry<MovingRealm, String> each : realms.entrySet()) {
                    String name = each.getKey().name;
                    goesOn(keycloak, admin.realm(name), name, each.getValue());
                }
            }
        }
    }

    private static void goesOn(KeycloakProcess keycloak, RealmResource realm, String name, String component)
            throws Exception {
        int before = realm.users().count();
        // H2 writes half a second after a commit, so a few chunks may be lost
        assertTrue(before > 0 && before < USERS, () -> before + " before");
        assertEquals(0, before % CHUNK);
        SynchronizationResultRepresentation rest = realm.userStorage().syncUsers(component, "triggerFullSync");
        assertEquals(USERS - before, rest.getAdded());
        assertEquals(0, rest.getFailed());
        assertEquals(USERS, realm.users().count());
        DirectGrant grant = new DirectGrant(keycloak.address().toString(), name);
        assertEquals(200, grant.signIn("ada1", OldDatabase.PASSWORD));
        assertEquals(200, grant.signIn("ada" + USERS, OldDatabase.PASSWORD));
    }

    private static void sync(MovingRealm realm, String component) {
        try {
            realm.sync(component, "triggerFullSync");
        } catch (ProcessingException e) {
            // The server was killed
        }
    }

    private KeycloakProcess start() {
        return KeycloakProcess.start(
                Map.of(),
                List.of(
                        "--db=dev-file",
                        "--db-url=jdbc:h2:file:" + folder.resolve("keycloak") + ";NON_KEYWORDS=VALUE",
                        "--db-kind-legacy=postgres",
                        "--db-kind-older=mariadb"));
    }
}
