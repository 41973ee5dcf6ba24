package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A server that accepts TLS itself, with a certificate and a key in PEM files. */
@ResourceServerTest
@DirtiesContext
class TlsTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path directory = Path.of("");

    private final Api api;

    @Autowired
    TlsTest(Api api) {
        this.api = api;
    }

    @DynamicPropertySource
    static void tls(DynamicPropertyRegistry registry) throws Exception {
        writePem(certificate("first"));
        registry.add("server.ssl.bundle", () -> "server");
        registry.add(
                "spring.ssl.bundle.pem.server.keystore.certificate",
                () -> directory.resolve("tls.crt").toString());
        registry.add(
                "spring.ssl.bundle.pem.server.keystore.private-key",
                () -> directory.resolve("tls.key").toString());
        registry.add("spring.ssl.bundle.pem.server.reload-on-update", () -> true);
        registry.add("spring.ssl.bundle.watch.file.quiet-period", () -> "500ms");
    }

    @Test
    void aNewCertificateIsServedWithoutARestart() throws Exception {
        HttpResponse<String> response = get(readCertificate());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Strict-Transport-Security")).isPresent();

        Certificate first = readCertificate();
        writePem(certificate("second"));

        await().atMost(Duration.ofSeconds(30)).until(() -> accepts(readCertificate()));
        assertThat(accepts(first)).isFalse();
    }

    private boolean accepts(Certificate trusted) throws Exception {
        try {
            return get(trusted).statusCode() == 200;
        } catch (SSLHandshakeException e) {
            return false;
        }
    }

    private HttpResponse<String> get(Certificate trusted) throws Exception {
        KeyStore truststore = KeyStore.getInstance(KeyStore.getDefaultType());
        truststore.load(null, null);
        truststore.setCertificateEntry("server", trusted);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(truststore);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .sslContext(tls)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + api.port() + "/health"))
                                .build(),
                        BodyHandlers.ofString());
    }

    private static KeyStore certificate(String name)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = directory.resolve(name + ".p12");
        int exit = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString()))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit).isZero();
        KeyStore keystore = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keystore.load(in, PASSWORD.toCharArray());
        }
        return keystore;
    }

    private static void writePem(KeyStore keystore) throws IOException, GeneralSecurityException {
        Key key = keystore.getKey("server", PASSWORD.toCharArray());
        Files.writeString(directory.resolve("tls.key"), pem("PRIVATE KEY", key.getEncoded()));
        Files.writeString(
                directory.resolve("tls.crt"),
                pem("CERTIFICATE", keystore.getCertificate("server").getEncoded()));
    }

    private static Certificate readCertificate() {
        try (InputStream in = Files.newInputStream(directory.resolve("tls.crt"))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String type, byte[] content) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content), type);
    }
}
