package io.perch.systemtests.faults;

import static org.awaitility.Awaitility.await;

import io.perch.systemtests.client.Http;
import io.perch.systemtests.process.FreePorts;
import io.perch.systemtests.process.ServerProcess;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.netcrusher.core.reactor.NioReactor;
import org.netcrusher.tcp.TcpCrusher;
import org.netcrusher.tcp.TcpCrusherBuilder;

/** A resource server with its own proxy to the database. */
final class Instance implements AutoCloseable {

    private static final Path JAR = Path.of("..", "resource-server", "target", "resource-server.jar")
            .toAbsolutePath()
            .normalize();
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final int port;
    private final Path log;
    private final Map<String, String> environment;
    private final TcpCrusher databaseProxy;
    private ServerProcess process;

    /**
     * Starts it. {@link #awaitUp()} waits until it answers.
     *
     * @param environment the variables that it shares with the other instances
     */
    Instance(
            Path log,
            FreePorts ports,
            NioReactor reactor,
            InetSocketAddress database,
            Map<String, String> environment) {
        this.port = ports.next();
        this.log = log;
        this.databaseProxy = TcpCrusherBuilder.builder()
                .withReactor(reactor)
                .withBindAddress("127.0.0.1", ports.next())
                .withConnectAddress(database)
                .buildAndOpen();
        this.environment = new HashMap<>(environment);
        this.environment.put("SERVER_PORT", Integer.toString(port));
        this.environment.put("MONGO_URI", Database.uri(databaseProxy.getBindAddress()));
        this.process = launch();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    ServerProcess process() {
        return process;
    }

    /** The proxy for its database connections, which can freeze or close them. */
    TcpCrusher databaseProxy() {
        return databaseProxy;
    }

    void restart() {
        process = launch();
    }

    void awaitUp() {
        var http = new Http();
        await().atMost(START_LIMIT).pollInterval(Duration.ofMillis(300)).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("The resource server ended; its log is " + log);
            }
            return isHealthy(http);
        });
    }

    /** Generates a keyset for all instances. */
    static ServerProcess keyset(Path file) {
        return ServerProcess.java(
                List.of("-Xmx64m", "-jar", JAR.toString(), "generate-keyset"),
                Map.of(),
                file,
                file.resolveSibling("keyset.log"));
    }

    @Override
    public void close() {
        process.close();
        if (databaseProxy.isOpen()) {
            databaseProxy.close();
        }
    }

    private boolean isHealthy(Http http) {
        try {
            return http.get(uri("/health"), Map.of()).status() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private ServerProcess launch() {
        return ServerProcess.java(List.of("-Xmx384m", "-jar", JAR.toString()), environment, log);
    }
}
