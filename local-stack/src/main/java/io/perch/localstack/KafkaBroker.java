package io.perch.localstack;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/** A real Kafka broker in this JVM. It is also its own KRaft controller. */
final class KafkaBroker implements Component {

    private static final int NODE = 1;

    private final DataDirectory data;
    private final Ports ports;
    private @Nullable KafkaRaftServer server;
    private volatile boolean fatal;

    KafkaBroker(DataDirectory data, Ports ports) {
        this.data = data;
        this.ports = ports;
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public Path log() {
        return data.log("kafka");
    }

    @Override
    public synchronized void start() throws Exception {
        // After a fatal error a broker ends its JVM, and the other servers would still run
        Exit.setExitProcedure((code, message) -> fatal = true);
        Exit.setHaltProcedure((code, message) -> fatal = true);

        var directory = data.directory("kafka");
        if (!Files.exists(directory.resolve("meta.properties"))) {
            format(directory);
        }
        var starting = new KafkaRaftServer(new KafkaConfig(settings(directory)), Time.SYSTEM);
        server = starting;
        starting.startup();
        if (fatal) {
            throw new IOException("the broker had a fatal error");
        }
    }

    private static void format(Path directory) throws Exception {
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(NODE)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(directory.toString())
                .addDirectory(directory.toString())
                .run();
    }

    private Map<String, String> settings(Path directory) {
        var settings = new TreeMap<String, String>();
        settings.put("node.id", Integer.toString(NODE));
        settings.put("process.roles", "broker,controller");
        settings.put("log.dirs", directory.toString());
        settings.put(
                "listeners",
                "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(ports.kafka(), ports.kafkaController()));
        settings.put("advertised.listeners", "PLAINTEXT://localhost:" + ports.kafka());
        settings.put("controller.listener.names", "CONTROLLER");
        // Set here, and not stored in the data, so that the ports may change between two starts
        settings.put("controller.quorum.voters", NODE + "@127.0.0.1:" + ports.kafkaController());
        settings.put("auto.create.topics.enable", "false");
        // There is one broker, so there is one replica. One machine needs only one partition
        for (var topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.put(topic + ".replication.factor", "1");
            settings.put(topic + ".num.partitions", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        return settings;
    }

    @Override
    public boolean isAlive() {
        return !fatal;
    }

    @Override
    public synchronized void stop() {
        if (server != null) {
            server.shutdown();
            server = null;
        }
    }
}
