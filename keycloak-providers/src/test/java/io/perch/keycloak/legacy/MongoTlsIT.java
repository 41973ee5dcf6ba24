package io.perch.keycloak.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.component.ComponentModel;

/** The option {@code tls} with MongoDB and an untrusted certificate. */
class MongoTlsIT {

    private static final String PASSWORD = "a-password-of-the-keystore";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void requireAcceptsAnyCertificateAndVerifyFullDoesNot() throws Exception {
        KeyStore keys = keys();
        MongoServer server = new MongoServer(new MemoryBackend());
        server.enableSsl((PrivateKey) keys.getKey("server", PASSWORD.toCharArray()), PASSWORD, (X509Certificate)
                keys.getCertificate("server"));
        int port = server.bind().getPort();
        try (LegacyDatabase require = open(port, "require");
                LegacyDatabase verifyFull = open(port, "verify-full");
                LegacyDatabase disable = open(port, "disable")) {
            assertEquals(0, require.count());
            assertThrows(LegacyDatabaseException.class, () -> verifyFull.byUsername("ada"));
            assertThrows(LegacyDatabaseException.class, () -> disable.byUsername("ada"));
        } finally {
            server.shutdownNow();
        }
    }

    private static LegacyDatabase open(int port, String tls) {
        ComponentModel component = new ComponentModel();
        Map.of(
                        "database-kind", "mongodb",
                        "host", "localhost",
                        "port", Integer.toString(port),
                        "database", "old",
                        "tls", tls,
                        "preset", "username-only",
                        "table", "users",
                        "timeout", "1000")
                .forEach(component::put);
        Settings settings = Settings.of(component);
        return settings.vendor().open(settings);
    }

    private KeyStore keys() throws Exception {
        Path file = directory.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=elsewhere",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .inheritIO()
                .start();
        assertEquals(0, keytool.waitFor());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stored = Files.newInputStream(file)) {
            keys.load(stored, PASSWORD.toCharArray());
        }
        return keys;
    }
}
