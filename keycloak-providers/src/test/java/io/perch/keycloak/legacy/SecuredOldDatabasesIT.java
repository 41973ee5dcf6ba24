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
    private static OldPostgreSql postgresql;
    private static OldSqlDatabase mariadb;
    private static OldMongoDb mongodb;
    private static OldMongoDb otherMongodb;
    private static KeycloakProcess keycloak;
    private static Keycloak admin;

    private MovingRealm realm;

    @BeforeAll
    static void start() throws Exception {
        ServerCertificate certificate = ServerCertificate.make(directory, "localhost");
        ServerCertificate ofAnotherHost = ServerCertificate.make(directory, "elsewhere.example");
        vault = Files.createDirectory(directory.resolve("vault"));
        postgresql = new OldPostgreSql(certificate);
        mariadb = new OldMariaDb(certificate);
        mongodb = new OldMongoDb(certificate);
        otherMongodb = new OldMongoDb(ofAnotherHost);
        keycloak = KeycloakProcess.start(
                Map.of(),
                List.of(
                        "--db=dev-mem",
                        "--db-kind-legacy=postgres",
                        "--db-kind-older=mariadb",
                        "--vault=file",
                        "--vault-dir=" + vault,
                        "--truststore-paths=" + certificate.authority() + "," + ofAnotherHost.authority()));
        admin = keycloak.admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        keycloak.close();
        databases().forEach(OldDatabase::close);
        otherMongodb.close();
    }

    static Stream<OldDatabase> databases() {
        return Stream.of(postgresql, mariadb, mongodb);
    }

    static Stream<OldDatabase> sqlDatabases() {
        return Stream.of(postgresql, mariadb);
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
    @MethodSource("sqlDatabases")
    void verifyFullRefusesACertificateForAnotherHost(OldDatabase database) {
        database.addUsers("ada", 1);

        assertEquals(400, saved(database, "tls", "verify-full", "host", "127.0.0.1", "timeout", "10000"));
        assertEquals(201, saved(database, "tls", "require", "host", "127.0.0.1", "timeout", "10000"));
    }

    /** With an address, MongoDB's driver would compare the certificate with the name that DNS has for the address. */
    @Test
    void verifyFullRefusesACertificateOfMongoDbForAnotherHost() {
        otherMongodb.clear();
        otherMongodb.addUsers("ada", 1);

        assertEquals(400, saved(otherMongodb, "tls", "verify-full", "timeout", "10000"));
        assertEquals(201, saved(otherMongodb, "tls", "require", "timeout", "10000"));
    }

    /** This JVM does not trust the CA. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void verifyFullRefusesAnUnknownAuthority(OldDatabase database) {
        database.addUsers("ada", 1);
        try (LegacyDatabase verifyFull = database.open("tls", "verify-full", "timeout", "10000");
                LegacyDatabase require = database.open("tls", "require", "timeout", "10000")) {
            assertThrows(LegacyDatabaseException.class, () -> verifyFull.byUsername("ada1"));
            assertEquals(1, require.byUsername("ada1").size());
        }
    }

    @Test
    void thePasswordIsReadFromTheVault() throws Exception {
        postgresql.addUsers("ada", 2);
        postgresql.run("create role reader login password 'first secret'", "grant select on users to reader");
        postgresql.requirePassword("reader");
        String[] options = {"user", "reader", "password", "${vault.old-database}", "timeout", "10000"};

        try (Response response = realm.save(postgresql, options)) {
            assertEquals(400, response.getStatus());
            String error = response.readEntity(String.class);
            assertTrue(error.contains("password is not in the vault"), error);
        }
        // A file of an editor ends with a line break
        store("first secret\n");
        realm.connect(postgresql, options);
        assertEquals(200, realm.grant.signIn("ada1", PASSWORD));

        postgresql.run("alter role reader password 'second secret'");
        store("second secret");
        assertEquals(200, realm.grant.signIn("ada2", PASSWORD), "a new secret is used without a restart");

        Files.delete(secret());
        assertEquals(503, realm.grant.signIn("nobody", PASSWORD));
        assertEquals(200, realm.grant.signIn("ada1", PASSWORD));

        // After the test the realm is deleted without the secret
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
