package io.perch.keycloak.legacy;

import static io.perch.keycloak.legacy.OldDatabase.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.perch.keycloak.KeycloakProcess;
import jakarta.ws.rs.core.Response;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keycloak.admin.client.Keycloak;

/** Old databases with certificates of a private CA. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test
class SecuredOldDatabasesIT {

    @TempDir
    static Path directory;

    private static OldSqlDatabase postgresql;
    private static OldSqlDatabase mariadb;
    private static OldMongoDb mongodb;
    private static KeycloakProcess keycloak;
    private static Keycloak admin;

    private MovingRealm realm;

    @BeforeAll
    static void start() throws Exception {
        ServerCertificate certificate = ServerCertificate.make(directory);
        postgresql = new OldPostgreSql(certificate);
        mariadb = new OldMariaDb(certificate);
        mongodb = new OldMongoDb(certificate);
        keycloak = KeycloakProcess.start(
                Map.of(),
                List.of(
                        "--db=dev-mem",
                        "--db-kind-legacy=postgres",
                        "--db-kind-older=mariadb",
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

    private int saved(OldDatabase database, String... options) {
        try (Response response = realm.save(database, options)) {
            return response.getStatus();
        }
    }
}
