package io.perch.keycloak.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.perch.keycloak.KeycloakProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.keycloak.admin.client.Keycloak;

/** The server's log names the indexes that an old database lacks, when the federation is saved, and new ones when it synchronizes. */
class IndexWarningIT {

    private static final String SECRET = "a-secret-of-the-old-database";

    @Test
    void savingWarnsOfMissingIndexesAndASynchronizationOfNewOnes() throws Exception {
        try (EmbeddedPostgres database = EmbeddedPostgres.builder().start();
                OldSqlDatabase old = OldDatabase.postgresql();
                KeycloakProcess keycloak = KeycloakProcess.start(
                        Map.of(),
                        List.of(
                                "--db=postgres",
                                "--db-url=" + database.getJdbcUrl("postgres", "postgres"),
                                "--db-username=postgres",
                                "--db-password="));
                Keycloak admin = keycloak.admin()) {
            old.addUsers("ada", 2);
            MovingRealm realm = new MovingRealm(keycloak.address().toString(), admin);
            String id = realm.connect(old, "password", SECRET);
            String email = warning(old, "email");
            String username = warning(old, "username");
            assertEquals(List.of(username, email), warnings(old));

            assertEquals(2, realm.sync(id, "triggerFullSync").getAdded());
            assertEquals(List.of(username, email), warnings(old));

            old.run("create index on users (lower(username))", "create index by_email on users (lower(email))");
            realm.sync(id, "triggerFullSync");
            assertEquals(2, warnings(old).size());

            old.run("drop index by_email");
            awaitNextSecond();
            realm.sync(id, "triggerFullSync");
            assertEquals(List.of(username, email, email), warnings(old));
            assertFalse(Files.readString(KeycloakProcess.log()).contains(SECRET));
        }
    }

    // Keycloak saves the second of a synchronization. If it is that of the one before, this is a save without a change,
    // which checks the database again
    private static void awaitNextSecond() {
        long now = Instant.now().getEpochSecond();
        Awaitility.await().until(() -> Instant.now().getEpochSecond() > now);
    }

    private static String warning(OldSqlDatabase old, String column) {
        return "legacy_index_missing database=postgresql://[localhost:%d]/postgres/users column=%s"
                        .formatted(old.port(), column)
                + " remedy=create index concurrently on \"users\" (lower(\"" + column + "\"))";
    }

    private static List<String> warnings(OldSqlDatabase old) throws IOException {
        return Files.readString(KeycloakProcess.log())
                .lines()
                .filter(line -> line.contains("WARN") && line.contains("localhost:" + old.port() + "]"))
                .map(line -> line.substring(line.indexOf("legacy_index_missing")))
                .toList();
    }
}
