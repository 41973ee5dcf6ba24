package io.perch.keycloak.legacy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate for a host name, signed by a private CA.
 *
 * @param authority PEM file with the certificate of the CA
 * @param certificate PEM file with the certificate
 * @param key PEM file with its private key
 */
record ServerCertificate(Path authority, Path certificate, Path key, PrivateKey privateKey) {

    static final String PASSWORD = "a-password-of-the-keystore";

    /** Makes a CA and a certificate for a host name, with all files in a new directory below another one. */
    static ServerCertificate make(Path parent, String host) throws Exception {
        Path directory = Files.createDirectory(parent.resolve(host));
        Path authorityKeys = directory.resolve("authority.p12");
        Path serverKeys = directory.resolve("server.p12");
        Path authority = directory.resolve("authority.pem");
        Path request = directory.resolve("server.csr");
        Path certificate = directory.resolve("server.pem");
        keytool(authorityKeys, "-genkeypair", "-keyalg", "RSA", "-dname", "CN=Private CA", "-ext", "bc:c");
        keytool(authorityKeys, "-exportcert", "-rfc", "-file", authority.toString());
        keytool(serverKeys, "-genkeypair", "-keyalg", "RSA", "-dname", "CN=" + host);
        keytool(serverKeys, "-certreq", "-file", request.toString());
        keytool(
                authorityKeys,
                "-gencert",
                "-rfc",
                "-ext",
                "SAN=dns:" + host,
                "-infile",
                request.toString(),
                "-outfile",
                certificate.toString());
        PrivateKey privateKey = privateKey(serverKeys);
        Path key = Files.createFile(
                directory.resolve("server.key"),
                // PostgreSQL refuses a key that others can read
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, pem("PRIVATE KEY", privateKey.getEncoded()));
        return new ServerCertificate(authority, certificate, key, privateKey);
    }

    /** The text form of RFC 7468. */
    private static String pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(label, base64);
    }

    /** The certificate, as an object. */
    X509Certificate x509() {
        try (InputStream pem = Files.newInputStream(certificate)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PrivateKey privateKey(Path keystore) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stored = Files.newInputStream(keystore)) {
            keys.load(stored, PASSWORD.toCharArray());
        }
        return (PrivateKey) keys.getKey("mykey", PASSWORD.toCharArray());
    }

    private static void keytool(Path keystore, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-alias", "mykey", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", keystore.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                // Its messages would be mixed with those that the JVM of the tests sends to Maven
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool has failed: " + arguments[0]);
        }
    }
}
