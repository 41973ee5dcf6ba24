package io.perch.systemtests.faults;

import io.perch.systemtests.process.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.netcrusher.core.reactor.NioReactor;
import redis.embedded.RedisServer;

/** A new, empty system with two instances. Tests may break it. */
final class SystemUnderTest implements AutoCloseable {

    static final String TOPIC = "twitter_login_requests";

    /** Shorter than in a deployment. Related settings are shortened in the same proportion. */
    static final Duration LEASE = Duration.ofSeconds(12);

    private static final Map<String, String> SHORTENED = Map.of(
            "PERCH_TASK_LEASE", LEASE.toSeconds() + "s",
            "PERCH_PIPELINE_RENEW_INTERVAL", "1s",
            "PERCH_TASK_RETRY_DELAY", "500ms",
            "PERCH_PIPELINE_POLL_INTERVAL", "1s",
            "PERCH_PIPELINE_CONCURRENCY", "14",
            "PERCH_PIPELINE_DRAIN_TIMEOUT", "1s",
            "PERCH_SIMULATOR_LATENCY", "2s",
            "PERCH_SIMULATOR_SLOW_LATENCY", "6s",
            "RATE_LIMIT_TWITTER_LOGIN", "1000000");

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final TokenIssuer issuer;
    private final NioReactor reactor;
    private final Database database;
    private final KafkaBroker kafka;
    private final RedisServer redis;
    private final List<Instance> instances;

    /**
     * Starts the system and waits until it has started.
     *
     * @param directory for data and logs; its content is deleted
     * @param second environment variables of the second instance only
     */
    static SystemUnderTest start(Path directory, Map<String, String> second) throws IOException {
        var system = new SystemUnderTest(directory, second);
        try {
            system.kafka.awaitUp();
            system.instances.forEach(Instance::awaitUp);
            return system;
        } catch (RuntimeException e) {
            system.close();
            throw e;
        }
    }

    private SystemUnderTest(Path directory, Map<String, String> second) throws IOException {
        var home = empty(directory.toAbsolutePath());
        var ports = new FreePorts();
        var keyset = home.resolve("keyset.json");
        var generator = open(Instance.keyset(keyset));
        issuer = open(new TokenIssuer());
        database = open(new Database("perch_faults"));
        reactor = open(new NioReactor());
        kafka = open(new KafkaBroker(home.resolve("kafka"), ports));
        redis = RedisServer.newRedisServer().port(ports.next()).build();
        open(redis::stop);
        redis.start();
        generator.endsWithin(Duration.ofMinutes(1));

        var common = new HashMap<>(SHORTENED);
        common.put("SERVER_ADDRESS", "127.0.0.1");
        common.put("KEYCLOAK_ISSUER_URI", issuer.issuer());
        common.put("KAFKA_BROKER_URL", kafka.address());
        common.put("DATABASE_NAME", database.name());
        common.put("REDIS_URL", "redis://127.0.0.1:" + redis.ports().get(0));
        common.put("ENCRYPTION_KEYSET_FILE", keyset.toString());
        common.put("PERCH_SECURITY_TOKEN_LIFETIME", TokenIssuer.LIFETIME.toSeconds() + "s");
        var secondOnly = new HashMap<>(common);
        secondOnly.putAll(second);
        instances = List.of(
                open(new Instance(home.resolve("instance-1.log"), ports, reactor, database.address(), common)),
                open(new Instance(home.resolve("instance-2.log"), ports, reactor, database.address(), secondOnly)));
    }

    TokenIssuer issuer() {
        return issuer;
    }

    Database database() {
        return database;
    }

    KafkaBroker kafka() {
        return kafka;
    }

    RedisServer redis() {
        return redis;
    }

    List<Instance> instances() {
        return instances;
    }

    Instance first() {
        return instances.get(0);
    }

    Instance second() {
        return instances.get(1);
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private <T extends AutoCloseable> T open(T something) {
        opened.push(something);
        return something;
    }

    private static Path empty(Path directory) {
        try {
            if (Files.exists(directory)) {
                try (var paths = Files.walk(directory)) {
                    for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
