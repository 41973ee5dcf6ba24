package io.perch.resourceserver.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;

/** Audit entries while the database is unavailable. */
class AuditTrailTest {

    private static final Duration TIMEOUT = Duration.ofMillis(300);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private MongoServer server;
    private SimpleMongoClientDatabaseFactory connection;
    private MongoTemplate mongo;
    private AuditTrail trail;
    private int port;

    @BeforeEach
    void start() {
        server = new MongoServer(new MemoryBackend());
        server.bind("127.0.0.1", 0);
        port = server.getLocalAddress().getPort();
        connection = new SimpleMongoClientDatabaseFactory(
                "mongodb://127.0.0.1:" + port + "/audit?serverSelectionTimeoutMS=500&connectTimeoutMS=500");
        mongo = new MongoTemplate(connection);
        AuditProperties properties = new AuditProperties(Duration.ofDays(90), Duration.ofMinutes(10), TIMEOUT, 3);
        trail = new AuditTrail(new AuditStore(mongo, users -> Set.of()), properties, meters);
        trail.start();
    }

    @AfterEach
    void stop() throws Exception {
        trail.stop();
        connection.destroy();
        server.shutdownNow();
    }

    @Test
    void anEntryIsStoredWhenTheCallReturns() {
        writeFirstEntry();

        trail.record(line("first"));

        assertThat(mongo.findById("first", AuditLine.class)).isEqualTo(line("first"));
    }

    @Test
    void duringAnOutageCallsReturnSoonAndNoEntryIsLost() {
        writeFirstEntry();
        server.shutdownNow();

        Instant begin = Instant.now();
        trail.record(line("meanwhile"));
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(1));

        server = new MongoServer(new MemoryBackend());
        server.bind("127.0.0.1", port);
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> mongo.findById("meanwhile", AuditLine.class) != null);
        assertThat(lost()).isZero();
    }

    @Test
    void lostEntriesAreCounted() {
        writeFirstEntry();
        server.shutdownNow();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ids.add("line-" + i);
        }

        ids.forEach(id -> trail.record(line(id)));

        // Three entries wait. Those that were taken before are being written
        assertThat(lost()).isBetween(4.0, 7.0);
        trail.stop();
        assertThat(lost()).isEqualTo(10);
    }

    // It opens the connection, which may take longer than a call waits for its entry
    private void writeFirstEntry() {
        trail.record(line("zeroth"));
        await().until(() -> mongo.findById("zeroth", AuditLine.class) != null);
    }

    private double lost() {
        return meters.get("perch.audit.lost").counter().count();
    }

    private static AuditLine line(String id) {
        return AuditLine.of(AuditAction.TASK_SUBMITTED)
                .id(id)
                .at(Instant.parse("2026-11-20T12:00:00.123Z"))
                .actor("user")
                .detail("name", "value")
                .build();
    }
}
