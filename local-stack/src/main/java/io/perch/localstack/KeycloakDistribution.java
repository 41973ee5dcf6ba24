package io.perch.localstack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The Keycloak distribution, unpacked and built with Perch's providers.
 *
 * <p>A stamp file next to it records what it was built from. It is unpacked and built again only if that has changed,
 * so other starts take seconds. Keycloak's data are in another directory, and are kept.
 */
final class KeycloakDistribution {

    private static final List<String> BUILD_OPTIONS =
            List.of("--db=dev-file", "--health-enabled=true", "--metrics-enabled=true");
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final Installation installation;
    private final Path server;
    private final Path stampFile;

    /**
     * @param directory where the distribution is, or will be unpacked
     */
    KeycloakDistribution(Installation installation, Path directory) {
        this.installation = installation;
        this.server = directory.resolve("server");
        this.stampFile = directory.resolve("server.stamp");
    }

    Path script() {
        return server.resolve("bin").resolve("kc.sh");
    }

    /** Whether the distribution is up to date. If not, call {@link #unpack()} and {@link #build}. */
    boolean isCurrent() throws IOException {
        try {
            return Files.readString(stampFile).equals(stamp());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Replaces the existing distribution with a new one that has Perch's providers. */
    void unpack() throws IOException, InterruptedException {
        Files.deleteIfExists(stampFile);
        delete(server);
        try (var zip = new ZipInputStream(Files.newInputStream(installation.keycloakZip()))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                unpack(entry, zip);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        }
        Files.copy(
                installation.keycloakProviders(),
                server.resolve("providers").resolve("keycloak-providers.jar"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void unpack(ZipEntry entry, InputStream content) throws IOException {
        var path = Path.of(entry.getName());
        // The first part of the path is the name with the version
        var target = path.getNameCount() > 1 ? server.resolve(path.subpath(1, path.getNameCount())) : server;
        if (!target.normalize().startsWith(server)) {
            throw new IOException("The distribution has a file with a path outside of it: " + path);
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.resolveSibling(""));
        Files.copy(content, target);
        if (target.toString().endsWith(".sh") && !target.toFile().setExecutable(true)) {
            throw new IOException(target + " cannot be made executable");
        }
    }

    /** Runs Keycloak's build with its options and providers. */
    void build(Map<String, String> environment, Path log, PidFile pidFile) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(script().toString(), "build"));
        command.addAll(BUILD_OPTIONS);
        var build = ChildProcess.start(command, environment, log, pidFile);
        try {
            if (build.waitFor(BUILD_LIMIT) != 0) {
                throw new IOException("its build " + build.exitDescription());
            }
            Files.writeString(stampFile, stamp());
        } catch (TimeoutException e) {
            throw new IOException("its build took more than " + BUILD_LIMIT.toMinutes() + " min", e);
        } finally {
            build.stop(STOP_TIMEOUT);
        }
    }

    private String stamp() throws IOException {
        return "%s%nproviders %s%n%s%n".formatted(version(), sha256(installation.keycloakProviders()), BUILD_OPTIONS);
    }

    private String version() throws IOException {
        try (var zip = new ZipInputStream(Files.newInputStream(installation.keycloakZip()))) {
            var first = zip.getNextEntry();
            if (first == null) {
                throw new IOException(installation.keycloakZip() + " is not a zip file");
            }
            return Path.of(first.getName()).getName(0).toString();
        }
    }

    private static String sha256(Path file) throws IOException {
        try (var in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.skipNBytes(Files.size(file));
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
