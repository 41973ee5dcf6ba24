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

/** Perch's resource server, as a child process with the profile {@code local}. */
final class ResourceServer implements Component {

    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Installation installation;
    private final DataDirectory data;
    private final Environment environment;
    private final Ports ports;
    private volatile @Nullable ChildProcess process;

    ResourceServer(Installation installation, DataDirectory data, Environment environment, Ports ports) {
        this.installation = installation;
        this.data = data;
        this.environment = environment;
        this.ports = ports;
    }

    @Override
    public String name() {
        return "resource-server";
    }

    @Override
    public Path log() {
        return data.log(name());
    }

    @Override
    public void start() throws IOException, InterruptedException {
        // A copy, so that the next build does not take the file away under a server that runs
        var jar = data.directory(name()).resolve("resource-server.jar");
        Files.copy(installation.resourceServer(), jar, StandardCopyOption.REPLACE_EXISTING);

        var command = List.of(ChildProcess.java(), "-Xmx384m", "-jar", jar.toString());
        var started = ChildProcess.start(command, variables(), data.freshLog(name()), data.pidFile(name()));
        process = started;
        new Readiness().await(started, URI.create("http://127.0.0.1:" + ports.api() + "/health"), START_LIMIT);
    }

    private Map<String, String> variables() throws IOException {
        var variables = environment.inherited();
        variables.put("SPRING_PROFILES_ACTIVE", "local");
        variables.put("SERVER_ADDRESS", "127.0.0.1");
        variables.put("SERVER_PORT", Integer.toString(ports.api()));
        // Or the audit would have the console's address for whoever uses the console
        variables.put("SERVER_FORWARD_HEADERS_STRATEGY", "native");
        variables.put("KEYCLOAK_ISSUER_URI", "http://localhost:" + ports.keycloak() + "/realms/perch");
        variables.put("KAFKA_BROKER_URL", "localhost:" + ports.kafka());
        variables.put("MONGO_URI", "mongodb://localhost:" + ports.mongo());
        variables.put("REDIS_URL", "redis://localhost:" + ports.redis());
        variables.put(
                "ENCRYPTION_KEYSET_FILE",
                data.secretFile("encryption-keyset.json").toString());
        variables.put("FRONTEND_URL", environment.frontendUrl());
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
            started.stop(PATIENCE);
        }
    }
}
