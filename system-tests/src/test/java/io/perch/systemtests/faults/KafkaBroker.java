package io.perch.systemtests.faults;

import static org.awaitility.Awaitility.await;

import io.perch.systemtests.process.FreePorts;
import io.perch.systemtests.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/**
 * A Kafka broker in its own process. It is its own controller. It can be killed and started again with the same log.
 */
final class KafkaBroker implements AutoCloseable {

    /** The broker of the local stack. */
    private static final String CLASS_PATH = Path.of("..", "local-stack", "target", "lib")
            .toAbsolutePath()
            .normalize()
            .resolve("*")
            .toString();

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final String HEAP = "-Xmx256m";

    private final Path directory;
    private final Path settings;
    private final int port;
    private ServerProcess process;

    /** Formats an empty log and starts the broker. {@link #awaitUp()} waits until it answers. */
    KafkaBroker(Path directory, FreePorts ports) {
        this.directory = directory;
        this.port = ports.next();
        this.settings = write(ports.next());
        run(
                "format",
                "kafka.tools.StorageTool",
                "format",
                "-t",
                Uuid.randomUuid().toString(),
                "-c",
                settings.toString());
        this.process = launch();
    }

    String address() {
        return "localhost:" + port;
    }

    ServerProcess process() {
        return process;
    }

    /** Starts it again with the existing log. */
    void restart() {
        process = launch();
        awaitUp();
    }

    void awaitUp() {
        try (var admin = admin()) {
            await().atMost(START_LIMIT).pollInterval(Duration.ofMillis(200)).until(() -> answers(admin));
        }
    }

    Admin admin() {
        return Admin.create(Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                address(),
                CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
                2000,
                CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
                4000));
    }

    @Override
    public void close() {
        process.close();
    }

    private static boolean answers(Admin admin) throws InterruptedException {
        try {
            return !admin.describeCluster().nodes().get().isEmpty();
        } catch (ExecutionException e) {
            return false;
        }
    }

    private ServerProcess launch() {
        return java("broker", "kafka.Kafka", settings.toString());
    }

    private void run(String name, String... arguments) {
        try (var tool = java(name, arguments)) {
            if (!tool.endsWithin(START_LIMIT)) {
                throw new IllegalStateException(name + " takes too long");
            }
        }
    }

    private ServerProcess java(String name, String... arguments) {
        var line = new ArrayList<String>(List.of(HEAP, "-cp", CLASS_PATH));
        line.addAll(List.of(arguments));
        return ServerProcess.java(line, Map.of(), directory.resolveSibling(name + ".log"));
    }

    private Path write(int controllerPort) {
        var properties = new Properties();
        properties.putAll(Map.of(
                "node.id",
                "1",
                "process.roles",
                "broker,controller",
                "log.dirs",
                directory.toString(),
                "listeners",
                "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort),
                "advertised.listeners",
                "PLAINTEXT://localhost:" + port,
                "controller.listener.names",
                "CONTROLLER",
                "controller.quorum.voters",
                "1@127.0.0.1:" + controllerPort,
                "auto.create.topics.enable",
                "false"));
        properties.putAll(Map.of(
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "1",
                "group.initial.rebalance.delay.ms", "0",
                "log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024),
                "num.network.threads", "2",
                "num.io.threads", "4"));
        var file = directory.resolveSibling("broker.properties");
        try {
            Files.createDirectories(directory);
            try (var out = Files.newOutputStream(file)) {
                properties.store(out, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
