package io.perch.localstack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Perch's resource server in a child process, with the profile {@code local}. */
final class ResourceServer implements Component {

    private static final String HEAP = "-Xmx512m";
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final Installation installation;
    private final DataDirectory data;
    private final Environment environment;
    private final Ports ports;
    private volatile @Nullable ServerProgram program;
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
        var log = data.freshLog(name());
        var unpacked =
                ServerProgram.of(installation.resourceServer(), data.directory(name()), log, data.pidFile(name()));
        program = unpacked;
        var started = ChildProcess.start(unpacked.command(HEAP), variables(), log, data.pidFile(name()));
        process = started;
        new Readiness().await(started, URI.create("http://127.0.0.1:" + ports.api() + "/health"), START_LIMIT);
        var training = name() + "-aot-cache";
        unpacked.makeCache(variables(), data.freshLog(training), data.pidFile(training), HEAP);
    }

    private Map<String, String> variables() throws IOException {
        var variables = environment.inherited();
        variables.put("SPRING_PROFILES_ACTIVE", "local");
        variables.put("SERVER_ADDRESS", "127.0.0.1");
        variables.put("SERVER_PORT", Integer.toString(ports.api()));
        // Otherwise the audit log would have the address of the console, and not that of its user
        variables.put("SERVER_FORWARD_HEADERS_STRATEGY", "native");
        variables.put("KEYCLOAK_ISSUER_URI", "http://localhost:" + ports.keycloak() + "/realms/perch");
        variables.put("KAFKA_BROKER_URL", "localhost:" + ports.kafka());
        variables.put("MONGO_URI", "mongodb://localhost:" + ports.mongo());
        variables.put("REDIS_URL", "redis://localhost:" + ports.redis());
        // A keyset in .env is for other data, and would be used instead of the file
        variables.put("ENCRYPTION_KEYSET", "");
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
        var unpacked = program;
        if (unpacked != null) {
            unpacked.stop();
        }
        var started = process;
        if (started != null) {
            started.stop(STOP_TIMEOUT);
        }
    }
}
