package io.perch.resourceserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;

/** Network addresses of deleted users in the audit log. */
class AuditStoreTest {

    private static final String ADDRESS = "198.51.100.7";

    private final MongoServer server = new MongoServer(new MemoryBackend());
    private final List<BsonDocument> commands = new CopyOnWriteArrayList<>();
    private final Set<String> deleted = ConcurrentHashMap.newKeySet();
    private final MongoClient client;
    private final MongoTemplate mongo;
    private final AuditStore store;

    AuditStoreTest() {
        server.bind("127.0.0.1", 0);
        CommandListener listener = new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                commands.add(event.getCommand().clone());
            }
        };
        client = MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(
                        "mongodb://127.0.0.1:" + server.getLocalAddress().getPort()))
                .addCommandListener(listener)
                .build());
        mongo = new MongoTemplate(new SimpleMongoClientDatabaseFactory(client, "audit"));
        store = new AuditStore(
                mongo, users -> users.stream().filter(deleted::contains).collect(Collectors.toSet()));
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdownNow();
    }

    @Test
    void theAddressesOfAUserWithVeryManyLinesAreRemovedByLimitedCommands() {
        List<AuditLine> lines = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            lines.add(line("own-" + i, "alice", "alice"));
        }
        lines.add(line("of-a-moderator", "moderator", "alice"));
        lines.add(line("of-nobody", null, "alice"));
        lines.add(line("of-another", "bob", "bob"));
        store.write(lines);
        commands.clear();

        store.erasePerson("alice");

        List<AuditLine> left = mongo.findAll(AuditLine.class).stream()
                .filter(line -> line.ipAddress() != null)
                .toList();
        assertThat(left).extracting(AuditLine::id).containsExactlyInAnyOrder("of-a-moderator", "of-another");
        assertThat(commands)
                .filteredOn(command -> command.containsKey("find") && command.containsKey("sort"))
                .hasSizeGreaterThan(2)
                .allMatch(command -> command.getNumber("limit").intValue() <= 1_001);
        assertThat(commands)
                .filteredOn(command -> command.containsKey("update"))
                .isNotEmpty()
                .allSatisfy(command -> assertThat(updated(command)).isBetween(1, 1_000));
    }

    /** An act is copied to the log when its task ends, which may be after the erasure. */
    @Test
    void aLineOfADeletedUserIsStoredWithoutTheAddress() {
        deleted.add("alice");

        store.write(
                List.of(line("late", "alice", "bob"), line("of-bob", "bob", "alice"), line("unknown", null, "alice")));

        assertThat(find("late").ipAddress()).isNull();
        assertThat(find("unknown").ipAddress()).isNull();
        assertThat(find("late").actorId()).isEqualTo("alice");
        assertThat(find("of-bob").ipAddress()).isEqualTo(ADDRESS);
    }

    private AuditLine find(String id) {
        return Objects.requireNonNull(mongo.findById(id, AuditLine.class));
    }

    private static int updated(BsonDocument command) {
        BsonArray updates = command.getArray("updates");
        assertThat(updates).hasSize(1);
        return updates.get(0)
                .asDocument()
                .getDocument("q")
                .getDocument("_id")
                .getArray("$in")
                .size();
    }

    private static AuditLine line(String id, @Nullable String actorId, String userId) {
        return AuditLine.of(AuditAction.USER_ERASED)
                .id(id)
                .at(Instant.parse("2026-11-20T12:00:00Z"))
                .actor(actorId)
                .user(userId)
                .ipAddress(ADDRESS)
                .build();
    }
}
