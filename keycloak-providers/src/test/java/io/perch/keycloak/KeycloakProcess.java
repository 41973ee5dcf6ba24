package io.perch.keycloak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.keycloak.admin.client.Keycloak;

/**
 * Keycloak's distribution with the packaged jar as a separate process, for tests that need another database or a restart. There is
 * a copy of the distribution for each set of build options, so that Keycloak builds itself only once for it. Each copy runs one
 * process at a time, so each node of a cluster has its own.
 */
public final class KeycloakProcess implements AutoCloseable {

    private static final Path HOME = Path.of(System.getProperty("perch.keycloak", "target/keycloak/keycloak-26.7.5"));
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final String ADMIN = "admin";
    private static final String DRIVER_OPTION = "--db-kind-";
    // If these differ from those of the previous start, Keycloak builds itself again, which takes half a minute
    private static final List<String> BUILD_OPTIONS =
            List.of("--db=", DRIVER_OPTION, "--features=", "--vault=", "--cache=");
    private static final String ONLY_NODE = "";

    private final Process process;
    private final URI address;
    private final URI management;

    private KeycloakProcess(Process process, int port, int managementPort) {
        this.process = process;
        this.address = URI.create("http://localhost:" + port);
        this.management = URI.create("http://localhost:" + managementPort);
    }

    /**
     * Starts the server, and returns when it is ready.
     *
     * @param environment variables in addition to those of this process
     * @param options the options of {@code kc.sh start-dev}
     */
    public static KeycloakProcess start(Map<String, String> environment, List<String> options) {
        return start(ONLY_NODE, environment, options);
    }

    /**
     * Starts the server from a separate copy, so that it can run beside any other, and returns when it is ready.
     *
     * @param name of the copy, in lower case; no other test has it
     * @param options the options of {@code kc.sh start-dev}
     */
    public static KeycloakProcess startCopy(String name, List<String> options) {
        return start("-" + name, Map.of(), options);
    }

    /**
     * Starts a node of a cluster, and returns when it is ready. The nodes find each other in their database, and connect to each other on the
     * loopback interface only.
     *
     * @param name of the node, in lower case; no other node has it
     * @param options the options of {@code kc.sh start-dev}: a database that all nodes use, and nothing about the cluster
     */
    public static KeycloakProcess startNode(String name, List<String> options) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(
                "--cache=ispn",
                "--cache-embedded-mtls-enabled=false",
                "--cache-embedded-network-bind-address=127.0.0.1",
                "--cache-embedded-network-bind-port=" + FreePorts.next()));
        return start("-" + name, Map.of(), all);
    }

    private static KeycloakProcess start(String node, Map<String, String> environment, List<String> options) {
        try {
            int port = FreePorts.next();
            int managementPort = FreePorts.next();
            List<String> command = new ArrayList<>(List.of(
                    script("start-dev", options, node),
                    "start-dev",
                    "--health-enabled=true",
                    "--metrics-enabled=true",
                    "--http-port=" + port,
                    "--http-management-port=" + managementPort));
            command.addAll(options);
            ProcessBuilder builder = builder(command);
            builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN);
            builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN);
            builder.environment().putAll(environment);
            KeycloakProcess keycloak = new KeycloakProcess(builder.start(), port, managementPort);
            keycloak.awaitReadiness();
            return keycloak;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Imports a realm from a file, as {@code kc.sh import} does while no server runs.
     *
     * @param options the database's options of {@code kc.sh import}
     */
    public static void importRealm(Path file, List<String> options) {
        List<String> command = new ArrayList<>(List.of("import", "--file=" + file));
        command.addAll(options);
        run(command);
    }

    /** Runs {@code kc.sh} with a command that ends by itself. Fails unless the command succeeds. */
    public static void run(List<String> arguments) {
        try {
            List<String> command = new ArrayList<>(List.of(script(arguments.get(0), arguments, ONLY_NODE)));
            command.addAll(arguments);
            Process process = builder(command).start();
            if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("No " + arguments.get(0) + ", see " + log());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Starts the server with the jar of the other extension as well. Fails unless the server refuses to start.
     *
     * @param options the options of {@code kc.sh start-dev}
     * @return what it has printed
     */
    public static String outputOfRefusedStart(List<String> options) {
        try {
            Path script = Path.of(script("start-dev", options, "-members"));
            Files.copy(
                    PackagedProviders.EXTENSION,
                    script.resolveSibling("../providers/members.jar").normalize(),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
            List<String> command =
                    new ArrayList<>(List.of(script.toString(), "start-dev", "--http-port=" + FreePorts.next()));
            command.addAll(options);
            Path output = Files.createTempFile("keycloak", ".log");
            Process process = builder(command).redirectOutput(output.toFile()).start();
            boolean ended = process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            String printed = Files.readString(output);
            Files.delete(output);
            if (!ended || process.exitValue() == 0) {
                throw new IllegalStateException("It was not refused: " + printed);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The server's address. */
    public URI address() {
        return address;
    }

    /** A client for the server's administrator. The caller must close it. */
    public Keycloak admin() {
        return Keycloak.getInstance(address.toString(), "master", ADMIN, ADMIN, "admin-cli");
    }

    /** The server's own process, not that of the script which started it. */
    public long pid() {
        return Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .filter(handle -> handle.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    /** The content of {@code /metrics}, if metrics are enabled. */
    public String metrics() {
        return management("/metrics");
    }

    /** The answer of {@code /health/live}. */
    public String liveness() {
        return management("/health/live");
    }

    private String management(String path) {
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(management.resolve(path)).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Kills the server, like a crash. */
    public void kill() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                all.forEach(ProcessHandle::destroyForcibly);
            }
        } catch (InterruptedException e) {
            all.forEach(ProcessHandle::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }

    /** The script of the copy for a command with these options, with the jar. */
    private static String script(String command, List<String> options, String node) throws IOException {
        String copy = Stream.concat(Stream.of(command), options.stream().filter(option -> BUILD_OPTIONS.stream()
                        .anyMatch(option::startsWith)))
                .map(part -> part.replaceAll("[^a-z0-9-]", "-"))
                .collect(Collectors.joining("", "", node));
        Path home = HOME.resolveSibling(HOME.getFileName() + "-" + copy);
        if (!Files.exists(home)) {
            Path unfinished = Files.createTempDirectory(HOME.getParent(), "copy");
            copyDistribution(unfinished);
            Files.writeString(
                    unfinished.resolve("conf").resolve("quarkus.properties"), driversWithoutDataSources(options));
            Files.move(unfinished, home);
        }
        Files.copy(
                PackagedProviders.JAR,
                home.resolve("providers").resolve("keycloak-providers.jar"),
                StandardCopyOption.REPLACE_EXISTING,
                // Keycloak builds itself again if the jar's time has changed
                StandardCopyOption.COPY_ATTRIBUTES);
        return home.resolve("bin").resolve("kc.sh").toString();
    }

    /** Switches off the data sources that only add a driver, as the README says. Without this, the server never becomes ready. */
    private static String driversWithoutDataSources(List<String> options) {
        return options.stream()
                .filter(option -> option.startsWith(DRIVER_OPTION))
                .map(option -> option.substring(DRIVER_OPTION.length(), option.indexOf('=')))
                .map(name -> "quarkus.datasource.\"" + name + "\".active=false\n")
                .collect(Collectors.joining());
    }

    private static void copyDistribution(Path target) throws IOException {
        // The libraries are never changed
        Path libraries = HOME.resolve("lib").resolve("lib");
        try (Stream<Path> files = Files.walk(HOME)) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(HOME.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else if (file.startsWith(libraries)) {
                    Files.createLink(copy, file);
                } else {
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        Map<String, String> environment = builder.environment();
        environment.put(
                "JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
        environment.put("JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx512m");
        // The variable of this process is JaCoCo's agent
        environment.merge("JAVA_OPTS_APPEND", "-XX:TieredStopAtLevel=1", (agent, option) -> agent + " " + option);
        return builder;
    }

    private void awaitReadiness() {
        try {
            Awaitility.await()
                    .alias("Keycloak, see " + log())
                    .atMost(START_LIMIT)
                    .pollInterval(Duration.ofMillis(250))
                    .failFast("Keycloak ended, see " + log(), () -> !process.isAlive())
                    .until(this::isReady);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            return HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(management.resolve("/health/ready"))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** The file that all processes append their log to. */
    public static Path log() {
        return HOME.resolveSibling("keycloak.log");
    }
}
