package io.perch.resourceserver.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.mapping.model.SnakeCaseFieldNamingStrategy;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;
import org.springframework.data.mongodb.core.convert.MappingMongoConverter;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;
import org.springframework.data.mongodb.core.convert.NoOpDbRefResolver;
import org.springframework.data.mongodb.core.mapping.MongoMappingContext;

/** Every instance reads the same ends of sessions, and one of them writes each to the database. */
class RevocationStoreTest {

    private static final Duration REMEMBERED = Duration.ofMinutes(17);
    private final Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusMillis(250);
    private final AtomicInteger written = new AtomicInteger();
    private final MongoServer server = new MongoServer(new MemoryBackend());
    private final MongoClient client;
    private final MongoTemplate mongo;
    private final RevocationStore store;

    RevocationStoreTest() {
        server.bind("127.0.0.1", 0);
        CommandListener listener = new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                if (event.getCommandName().equals("update")) {
                    written.addAndGet(event.getCommand().getArray("updates").size());
                }
            }
        };
        client = MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(
                        "mongodb://127.0.0.1:" + server.getLocalAddress().getPort()))
                .addCommandListener(listener)
                .build());
        MongoMappingContext mapping = new MongoMappingContext();
        mapping.setFieldNamingStrategy(new SnakeCaseFieldNamingStrategy());
        mapping.setSimpleTypeHolder(new MongoCustomConversions(List.of()).getSimpleTypeHolder());
        mongo = new MongoTemplate(
                new SimpleMongoClientDatabaseFactory(client, "revocations"),
                new MappingMongoConverter(NoOpDbRefResolver.INSTANCE, mapping));
        store = new RevocationStore(mongo);
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdownNow();
    }

    @Test
    void whatAnotherInstanceHasSavedIsNotWrittenAgain() {
        Revocation first = Revocation.ofSession("one", "alice", at, REMEMBERED);
        Revocation second = Revocation.ofSession("two", null, at, REMEMBERED);
        store.save(List.of(first));

        new RevocationStore(mongo).save(List.of(first, second));

        assertThat(written).hasValue(2);
        assertThat(read()).containsExactlyInAnyOrder(first, second);
    }

    @Test
    void aLaterEndIsWrittenAndAnEarlierOneIsNot() {
        Revocation later = Revocation.ofSession("one", "alice", at.plusSeconds(60), REMEMBERED);
        store.save(List.of(Revocation.ofSession("one", null, at, REMEMBERED)));
        store.save(List.of(later));
        store.save(List.of(Revocation.ofSession("one", "alice", at.plusSeconds(30), REMEMBERED)));

        assertThat(written).hasValue(2);
        assertThat(read()).containsExactly(later);
    }

    @Test
    void aKindOfANewerVersionIsNoError() {
        mongo.getCollection("revocations")
                .insertOne(new Document(
                                "_id",
                                Revocation.ofSession("one", null, at, REMEMBERED)
                                        .id())
                        .append("kind", "NEWER"));

        store.save(List.of(Revocation.ofSession("one", "alice", at, REMEMBERED)));

        assertThat(written).hasValue(1);
    }

    private List<Revocation> read() {
        List<Revocation> all = new ArrayList<>();
        store.read(at, all::add);
        return all;
    }
}
