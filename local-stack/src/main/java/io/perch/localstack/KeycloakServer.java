package io.perch.localstack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The real Keycloak distribution with Perch's providers and realm, in a child process. */
final class KeycloakServer implements Component {

    static final String ADMIN = "admin";

    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final Installation installation;
    private final DataDirectory data;
    private final Environment environment;
    private final Ports ports;
    private final Console console;
    private volatile @Nullable ChildProcess process;

    KeycloakServer(
            Installation installation, DataDirectory data, Environment environment, Ports ports, Console console) {
        this.installation = installation;
        this.data = data;
        this.environment = environment;
        this.ports = ports;
        this.console = console;
    }

    @Override
    public String name() {
        return "keycloak";
    }

    @Override
    public Path log() {
        return data.log(name());
    }

    @Override
    public void start() throws IOException, InterruptedException {
        var directory = data.directory(name());
        var log = data.freshLog(name());
        var distribution = new KeycloakDistribution(installation, directory);
        if (!distribution.isCurrent()) {
            console.say(name(), "unpacking");
            distribution.unpack();
            console.say(name(), "building with Perch's providers");
            distribution.build(variables(), log, data.pidFile(name()));
        }
        placeRealm(data.directory("keycloak/server/data/import"));

        console.say(name(), "starting");
        var started = ChildProcess.start(command(distribution, directory), variables(), log, data.pidFile(name()));
        process = started;
        new Readiness()
                .await(
                        started,
                        URI.create("http://127.0.0.1:" + ports.keycloakManagement() + "/health/ready"),
                        START_LIMIT);
    }

    /** Keycloak imports these files if it has no such realm yet. */
    private void placeRealm(Path imports) throws IOException {
        Files.copy(installation.realm(), imports.resolve("perch-realm.json"), StandardCopyOption.REPLACE_EXISTING);
        // A file with this name has the users of the realm in the file above
        Files.copy(
                installation.demoUsers(), imports.resolve("perch-users-0.json"), StandardCopyOption.REPLACE_EXISTING);
    }

    private List<String> command(KeycloakDistribution distribution, Path directory) {
        return List.of(
                distribution.script().toString(),
                "start",
                "--optimized",
                "--import-realm",
                // Without a cluster. A cluster would listen on all interfaces
                "--cache=local",
                // Health is polled until Keycloak is up. Each poll would be a log entry
                "--log-level=INFO,io.smallrye.health:WARN",
                "--http-enabled=true",
                "--http-host=127.0.0.1",
                "--http-port=" + ports.keycloak(),
                "--http-management-host=127.0.0.1",
                "--http-management-port=" + ports.keycloakManagement(),
                // The whole URL, so that no header of a request can change the issuer
                "--hostname=http://localhost:" + ports.keycloak(),
                "--spi-events-listener--kafka-outbox--bootstrap-servers=localhost:" + ports.kafka(),
                // All clients are on this machine and have the same address, so a limit for the address would apply to
                // all together
                "--spi-email-code--default--loopback-exempt=true",
                "--spi-realm-restapi-extension--auth-api--loopback-exempt=true",
                "--spi-realm-restapi-extension--authorization-challenge--loopback-exempt=true",
                // The URL of dev-file with another path. An upgrade replaces the distribution, so the database is
                // outside of it
                "--db-url=jdbc:h2:file:" + directory.resolve("h2").resolve("keycloak")
                        + ";NON_KEYWORDS=VALUE;DB_CLOSE_ON_EXIT=FALSE;DB_CLOSE_DELAY=0");
    }

    private Map<String, String> variables() throws IOException {
        var variables = environment.forKeycloak();
        variables.put("JAVA", ChildProcess.java());
        variables.put("JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx512m");
        variables.put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN);
        variables.put("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN);
        variables.put("SMTP_HOST", "localhost");
        variables.put("SMTP_PORT", Integer.toString(ports.smtp()));
        // In .env they may be those of a mail relay
        variables.put("SMTP_SSL", "false");
        variables.put("SMTP_STARTTLS", "false");
        variables.put("SMTP_AUTH", "false");
        variables.put("FRONTEND_URL", environment.frontendUrl());
        variables.put("API_URL", "http://localhost:" + ports.api());
        variables.put("CONSOLE_URL", WebConsole.url(ports));
        variables.put("CONSOLE_BACKCHANNEL_URL", WebConsole.url(ports));
        variables.put("DEMO_APP_ENABLED", "true");
        variables.put("CONSOLE_CLIENT_SECRET", data.secret(WebConsole.CLIENT_SECRET));
        variables.put("KC_SPI_EMAIL_CODE__DEFAULT__HASH_SECRET", data.secret("email-code-hash-secret"));
        variables.put("PERCH_SERVICE_CLIENT_SECRET", data.secret("perch-service-client-secret"));
        return variables;
    }

    @Override
    public boolean isAlive() {
        var started = process;
        return started != null && started.isAlive();
    }

    @Override
    public void stop() throws IOException, InterruptedException {
        var started = process;
        if (started != null) {
            started.stop(STOP_TIMEOUT);
        }
    }
}
