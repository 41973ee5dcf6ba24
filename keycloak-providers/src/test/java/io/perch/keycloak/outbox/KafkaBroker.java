package io.perch.keycloak.outbox;

import io.perch.keycloak.FreePorts;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/** A real broker that is also the KRaft controller, on a separate port, with the topic {@code user-events}. */
final class KafkaBroker implements AutoCloseable {

    static final String TOPIC = "user-events";

    private static final int PARTITIONS = 4;

    private final Path directory;
    private final int port;
    private final int controllerPort;
    private final @Nullable Security security;
    private final List<ReceivedEvent> events = new ArrayList<>();
    private @Nullable KafkaConsumer<String, String> consumer;
    private @Nullable KafkaRaftServer server;

    /**
     * A second listener, with TLS and SCRAM.
     *
     * @param port its port
     * @param keystore PKCS 12 with the broker's key, for localhost
     * @param password of the keystore, and of the user
     */
    record Security(int port, Path keystore, String user, String password) {

        /** With a new keystore. Clients must trust its certificate. */
        static Security make(Path directory, String user, String password) throws Exception {
            Path keystore = directory.resolve("broker.p12");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "broker",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "SAN=dns:localhost",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            keystore.toString(),
                            "-storepass",
                            password)
                    .inheritIO()
                    .start();
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException("keytool has failed");
            }
            return new Security(FreePorts.next(), keystore, user, password);
        }
    }

    private KafkaBroker(Path directory, int port, int controllerPort, @Nullable Security security) {
        this.directory = directory;
        this.port = port;
        this.controllerPort = controllerPort;
        this.security = security;
    }

    /** Starts a broker with its data in a directory. */
    static KafkaBroker start(Path directory) throws Exception {
        return start(directory, null);
    }

    /** Starts a broker with a second listener. */
    static KafkaBroker start(Path directory, @Nullable Security security) throws Exception {
        KafkaBroker broker = stopped(directory, security);
        broker.start();
        broker.createTopic();
        return broker;
    }

    /** A broker with a reserved port that is not started yet. */
    static KafkaBroker stopped(Path directory) throws Exception {
        return stopped(directory, null);
    }

    private static KafkaBroker stopped(Path directory, @Nullable Security security) throws Exception {
        Path data = Files.createDirectories(directory.resolve("kafka"));
        Formatter formatter = new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(1)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(data.toString())
                .addDirectory(data.toString());
        if (security != null) {
            formatter.setScramArguments(
                    List.of("SCRAM-SHA-512=[name=%s,password=%s]".formatted(security.user(), security.password())));
        }
        formatter.run();
        return new KafkaBroker(data, FreePorts.next(), FreePorts.next(), security);
    }

    void start() {
        KafkaRaftServer starting = new KafkaRaftServer(new KafkaConfig(settings()), Time.SYSTEM);
        server = starting;
        starting.startup();
    }

    void stop() {
        closeConsumer();
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    void createTopic() throws Exception {
        try (Admin admin =
                Admin.create(Map.<String, Object>of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    /** Sets the size of the topic's largest message. The broker refuses larger ones permanently. */
    void maxMessageBytes(int bytes) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
        AlterConfigOp set = new AlterConfigOp(
                new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes)), OpType.SET);
        try (Admin admin =
                Admin.create(Map.<String, Object>of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address()))) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(set))).all().get();
        }
    }

    String address() {
        return "localhost:" + port;
    }

    /** All events in the topic, in the order of each partition. */
    synchronized List<ReceivedEvent> received() {
        KafkaConsumer<String, String> reader = reader();
        Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment());
        while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
            reader.poll(Duration.ofMillis(200)).forEach(record -> events.add(ReceivedEvent.of(record)));
        }
        return List.copyOf(events);
    }

    /** The number of records in the topic. */
    synchronized long count() {
        KafkaConsumer<String, String> reader = reader();
        return reader.endOffsets(reader.assignment()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    // One consumer for all calls: tests read often, and a new one needs a second on a busy machine
    private KafkaConsumer<String, String> reader() {
        if (consumer != null) {
            return consumer;
        }
        Properties settings = new Properties();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, address());
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        // A request after a fetch waits until the fetch is answered
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
        KafkaConsumer<String, String> reader =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        List<TopicPartition> partitions = reader.partitionsFor(TOPIC).stream()
                .map(info -> new TopicPartition(TOPIC, info.partition()))
                .toList();
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
        consumer = reader;
        return reader;
    }

    private synchronized void closeConsumer() {
        if (consumer != null) {
            consumer.close();
            consumer = null;
        }
        events.clear();
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("node.id", "1");
        settings.put("process.roles", "broker,controller");
        settings.put("log.dirs", directory.toString());
        settings.put("listeners", "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort));
        settings.put("advertised.listeners", "PLAINTEXT://localhost:" + port);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        if (security != null) {
            settings.put("listeners", settings.get("listeners") + ",SECURE://127.0.0.1:" + security.port());
            settings.put(
                    "advertised.listeners",
                    settings.get("advertised.listeners") + ",SECURE://localhost:" + security.port());
            settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL");
            settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
            settings.put(
                    "listener.name.secure.scram-sha-512.sasl.jaas.config",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;");
            settings.put("ssl.keystore.location", security.keystore().toString());
            settings.put("ssl.keystore.type", "PKCS12");
            settings.put("ssl.keystore.password", security.password());
        }
        settings.put("auto.create.topics.enable", "false");
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(topic + ".replication.factor", "1");
            settings.put(topic + ".num.partitions", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));
        return settings;
    }

    @Override
    public void close() {
        stop();
    }
}
