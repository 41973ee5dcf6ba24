package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The app in {@code src/test/node}, which uses a client library that is not Perch's. Node.js runs it. */
final class NodeApp {

    private static final Path SOURCE = Path.of("src/test/node");
    private static final String SCRIPT = "first-party-app.mjs";
    private static final String MISSING =
            "Node.js 20, npm or the package @openid4vc/oauth2 is not available here, so no other client is tested";

    private final Path folder;
    private final boolean installed;

    private NodeApp(Path folder, boolean installed) {
        this.folder = folder;
        this.installed = installed;
    }

    /** Installs it in a folder, and says so where Node.js, npm or the library is not available. */
    static NodeApp install(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(SOURCE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        boolean installed = succeeds(folder, "node", "-e", "process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)")
                && succeeds(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
        if (!installed) {
            System.out.println(MISSING);
        }
        return new NodeApp(folder, installed);
    }

    private static boolean succeeds(Path folder, String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("install.log").toFile())
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            // There is no such program
            return false;
        }
    }

    /** Skips the test where the app is not installed. */
    void assumeInstalled() {
        assumeTrue(installed, MISSING);
    }

    /**
     * Runs a journey, which ends within two minutes.
     *
     * @param given what the app knows of its user
     * @param user answers what the app asks its user for, by its name
     * @return what the journey has found
     */
    JsonNode run(String journey, FirstPartyRealm realm, Map<String, String> given, UnaryOperator<String> user) {
        List<String> command = new ArrayList<>(
                List.of("node", SCRIPT, journey, realm.address("").toString(), FirstPartyRealm.APP));
        given.forEach((name, value) -> command.add(name + "=" + value));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
                    BufferedWriter input = process.outputWriter(StandardCharsets.UTF_8)) {
                return result(output, input, user);
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode result(BufferedReader output, BufferedWriter input, UnaryOperator<String> user)
            throws IOException {
        StringBuilder log = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("ask ")) {
                input.write(user.apply(line.substring("ask ".length())) + "\n");
                input.flush();
            } else if (line.startsWith("result ")) {
                return new ObjectMapper().readTree(line.substring("result ".length()));
            } else {
                log.append(line).append('\n');
            }
        }
        throw new AssertionError("The app has ended without a result: " + log);
    }
}
