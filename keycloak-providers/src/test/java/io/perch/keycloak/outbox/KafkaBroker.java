package io.perch.keycloak.outbox;

import io.perch.keycloak.FreePorts;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.apache.kafka.common.config.internals.BrokerSecurityConfigs;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler;
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
    private final Map<String, Reader> readers = new HashMap<>();
    private @Nullable Tokens tokens;
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

    /**
     * A second listener, which accepts access tokens without TLS.
     *
     * @param port its port
     * @param issuer a realm's address
     * @param audience that a token must have
     */
    record Tokens(int port, String issuer, String audience) {}

    /** A reader of a topic, and what it has read. */
    private record Reader(KafkaConsumer<String, String> consumer, List<ReceivedEvent> events) {}

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

    /** Starts a broker that also accepts tokens. The issuer must run. */
    void start(Tokens accepted) {
        tokens = accepted;
        System.setProperty(BrokerSecurityConfigs.ALLOWED_SASL_OAUTHBEARER_URLS_CONFIG, keys(accepted));
        start();
    }

    private static String keys(Tokens tokens) {
        return tokens.issuer() + "/protocol/openid-connect/certs";
    }

    void start() {
        KafkaRaftServer starting = new KafkaRaftServer(new KafkaConfig(settings()), Time.SYSTEM);
        server = starting;
        starting.startup();
    }

    void stop() {
        closeReaders();
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    void createTopic() throws Exception {
        createTopic(TOPIC);
    }

    void createTopic(String name) throws Exception {
        createTopic(name, 1);
    }

    /** Creates a topic. With more than one in-sync replica, this broker never acknowledges a record for it. */
    void createTopic(String name, int minInSyncReplicas) throws Exception {
        try (Admin admin =
                Admin.create(Map.<String, Object>of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address()))) {
            admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1)
                            .configs(Map.of(
                                    TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInSyncReplicas)))))
                    .all()
                    .get();
        }
    }

    /** Sets the size of the topic's largest message. The broker refuses larger ones permanently. */
    void maxMessageBytes(int bytes) throws Exception {
        set(TOPIC, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, bytes);
    }

    /** Makes the broker acknowledge records for a topic. */
    void acknowledge(String topic) throws Exception {
        set(topic, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, 1);
    }

    private void set(String name, String option, int value) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(option, Integer.toString(value)), OpType.SET);
        try (Admin admin =
                Admin.create(Map.<String, Object>of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address()))) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(set))).all().get();
        }
    }

    String address() {
        return "localhost:" + port;
    }

    /** All events in the topic, in the order of each partition. */
    List<ReceivedEvent> received() {
        return received(TOPIC);
    }

    /** All events in a topic, in the order of each partition. */
    synchronized List<ReceivedEvent> received(String topic) {
        KafkaConsumer<String, String> reader = reader(topic).consumer();
        List<ReceivedEvent> events = reader(topic).events();
        Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment());
        while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
            reader.poll(Duration.ofMillis(200)).forEach(record -> events.add(ReceivedEvent.of(record)));
        }
        return List.copyOf(events);
    }

    /** The number of records in the topic. */
    synchronized long count() {
        KafkaConsumer<String, String> reader = reader(TOPIC).consumer();
        return reader.endOffsets(reader.assignment()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    // One consumer for all calls: tests read often, and a new one needs a second on a busy machine
    private Reader reader(String topic) {
        return readers.computeIfAbsent(topic, name -> new Reader(consumer(name), new ArrayList<>()));
    }

    private KafkaConsumer<String, String> consumer(String topic) {
        Properties settings = new Properties();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, address());
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        // A request after a fetch waits until the fetch is answered
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
        KafkaConsumer<String, String> reader =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        List<TopicPartition> partitions = reader.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
        return reader;
    }

    private synchronized void closeReaders() {
        readers.values().forEach(reader -> reader.consumer().close());
        readers.clear();
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
        if (tokens != null) {
            settings.put("listeners", settings.get("listeners") + ",TOKENS://127.0.0.1:" + tokens.port());
            settings.put(
                    "advertised.listeners",
                    settings.get("advertised.listeners") + ",TOKENS://localhost:" + tokens.port());
            settings.put(
                    "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,TOKENS:SASL_PLAINTEXT");
            settings.put("sasl.enabled.mechanisms", "OAUTHBEARER");
            settings.put(
                    "listener.name.tokens.oauthbearer.sasl.jaas.config",
                    OAuthBearerLoginModule.class.getName() + " required;");
            settings.put(
                    "listener.name.tokens.oauthbearer.sasl.server.callback.handler.class",
                    OAuthBearerValidatorCallbackHandler.class.getName());
            settings.put("sasl.oauthbearer.jwks.endpoint.url", keys(tokens));
            settings.put("sasl.oauthbearer.expected.issuer", tokens.issuer());
            settings.put("sasl.oauthbearer.expected.audience", tokens.audience());
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
