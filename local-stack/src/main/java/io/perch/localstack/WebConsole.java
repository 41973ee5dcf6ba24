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

/** Perch's web console in a child process. It shows the demo users. */
final class WebConsole implements Component {

    /** The name of the secret that Keycloak and the console share. */
    static final String CLIENT_SECRET = "console-client-secret";

    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final Installation installation;
    private final DataDirectory data;
    private final Environment environment;
    private final Ports ports;
    private volatile @Nullable ChildProcess process;

    WebConsole(Installation installation, DataDirectory data, Environment environment, Ports ports) {
        this.installation = installation;
        this.data = data;
        this.environment = environment;
        this.ports = ports;
    }

    /** Its address for browsers. */
    static String url(Ports ports) {
        return "http://localhost:" + ports.console();
    }

    @Override
    public String name() {
        return "web-console";
    }

    @Override
    public Path log() {
        return data.log(name());
    }

    @Override
    public void start() throws IOException, InterruptedException {
        // A copy, because a new build may replace the original file while the server runs
        var jar = data.directory(name()).resolve("web-console.jar");
        Files.copy(installation.webConsole(), jar, StandardCopyOption.REPLACE_EXISTING);

        var command = List.of(ChildProcess.java(), "-Xmx192m", "-jar", jar.toString());
        var started = ChildProcess.start(command, variables(), data.freshLog(name()), data.pidFile(name()));
        process = started;
        new Readiness().await(started, URI.create("http://127.0.0.1:" + ports.console() + "/health"), START_LIMIT);
    }

    private Map<String, String> variables() throws IOException {
        var variables = environment.inherited();
        variables.put("SERVER_ADDRESS", "127.0.0.1");
        variables.put("SERVER_PORT", Integer.toString(ports.console()));
        variables.put("CONSOLE_URL", url(ports));
        variables.put("CONSOLE_DEMO", "true");
        variables.put("CONSOLE_CLIENT_SECRET", data.secret(CLIENT_SECRET));
        variables.put("KEYCLOAK_ISSUER_URI", "http://localhost:" + ports.keycloak() + "/realms/perch");
        variables.put("API_URI", "http://localhost:" + ports.api());
        variables.put("API_DOCS_URL", "http://localhost:" + ports.api() + "/docs");
        variables.put("REDIS_URL", "redis://localhost:" + ports.redis());
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
