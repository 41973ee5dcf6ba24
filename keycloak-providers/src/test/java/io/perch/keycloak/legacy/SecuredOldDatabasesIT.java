package io.perch.keycloak.legacy;

import static io.perch.keycloak.legacy.OldDatabase.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.KeycloakProcess;
import jakarta.ws.rs.core.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keycloak.admin.client.Keycloak;

/** Old databases with certificates of a private CA, and with passwords in Keycloak's vault. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test
class SecuredOldDatabasesIT {

    @TempDir
    static Path directory;

    private static Path vault;
    private static OldSqlDatabase postgresql;
    private static OldSqlDatabase mariadb;
    private static OldMongoDb mongodb;
    private static KeycloakProcess keycloak;
    private static Keycloak admin;

    private MovingRealm realm;

    @BeforeAll
    static void start() throws Exception {
        ServerCertificate certificate = ServerCertificate.make(directory);
        vault = Files.createDirectory(directory.resolve("vault"));
        postgresql = new OldPostgreSql(certificate);
        mariadb = new OldMariaDb(certificate);
        mongodb = new OldMongoDb(certificate);
        keycloak = KeycloakProcess.start(
                Map.of(),
                List.of(
                        "--db=dev-mem",
                        "--db-kind-legacy=postgres",
                        "--db-kind-older=mariadb",
                        "--vault=file",
                        "--vault-dir=" + vault,
                        "--truststore-paths=" + certificate.authority()));
        admin = keycloak.admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        keycloak.close();
        databases().forEach(OldDatabase::close);
    }

    static Stream<OldDatabase> databases() {
        return Stream.of(postgresql, mariadb, mongodb);
    }

    @BeforeEach
    void createRealm() {
        databases().forEach(OldDatabase::clear);
        realm = new MovingRealm(keycloak.address().toString(), admin);
    }

    @AfterEach
    void deleteRealm() {
        realm.close();
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void verifyFullTrustsTheAuthoritiesOfKeycloaksTruststore(OldDatabase database) throws Exception {
        database.addUsers("ada", 1);

        realm.connect(database, "tls", "verify-full", "timeout", "10000");

        assertEquals(200, realm.grant.signIn("ada1", PASSWORD));
    }

    /** The certificate is for the host name only. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void verifyFullRefusesACertificateForAnotherHost(OldDatabase database) {
        database.addUsers("ada", 1);

        assertEquals(400, saved(database, "tls", "verify-full", "host", "127.0.0.1", "timeout", "10000"));
        assertEquals(201, saved(database, "tls", "require", "host", "127.0.0.1", "timeout", "10000"));
    }

    /** This JVM does not trust the CA. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void verifyFullRefusesAnUnknownAuthority(OldDatabase database) {
        database.addUsers("ada", 1);
        try (LegacyDatabase verifyFull = LegacyDatabaseIT.open(database, "tls", "verify-full", "timeout", "10000");
                LegacyDatabase require = LegacyDatabaseIT.open(database, "tls", "require", "timeout", "10000")) {
            assertThrows(LegacyDatabaseException.class, () -> verifyFull.byUsername("ada1"));
            assertEquals(1, require.byUsername("ada1").size());
        }
    }

    @Test
    void thePasswordIsReadFromTheVault() throws Exception {
        mariadb.addUsers("ada", 2);
        mariadb.run(
                "create or replace user reader@'%' identified by 'first secret'",
                "grant select on old.* to reader@'%'");
        String[] options = {"user", "reader", "password", "${vault.old-database}", "timeout", "10000"};

        try (Response response = realm.save(mariadb, options)) {
            assertEquals(400, response.getStatus());
            String error = response.readEntity(String.class);
            assertTrue(error.contains("password is not in the vault"), error);
        }
        // A file of an editor ends with a line break
        store("first secret\n");
        realm.connect(mariadb, options);
        assertEquals(200, realm.grant.signIn("ada1", PASSWORD));

        mariadb.run("alter user reader@'%' identified by 'second secret'");
        store("second secret");
        assertEquals(200, realm.grant.signIn("ada2", PASSWORD), "a new secret is used without a restart");

        Files.delete(secret());
        assertEquals(503, realm.grant.signIn("nobody", PASSWORD));
        assertEquals(200, realm.grant.signIn("ada1", PASSWORD));
    }

    private int saved(OldDatabase database, String... options) {
        try (Response response = realm.save(database, options)) {
            return response.getStatus();
        }
    }

    private void store(String secret) throws Exception {
        Files.writeString(secret(), secret);
    }

    // Keycloak's file vault has one file for each realm and secret
    private Path secret() {
        return vault.resolve(realm.name + "_old-database");
    }
}
