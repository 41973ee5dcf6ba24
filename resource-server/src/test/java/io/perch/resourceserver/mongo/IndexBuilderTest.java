package io.perch.resourceserver.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.perch.resourceserver.mongo.DeclaredIndex.Kind;
import java.time.Duration;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;

class IndexBuilderTest {

    private static final IndexedCollection TASKS = new IndexedCollection() {
        @Override
        public String collection() {
            return "tasks";
        }

        @Override
        public List<DeclaredIndex> indexes() {
            return List.of(new DeclaredIndex(
                    "slot", DeclaredIndex.of("slot", "user_id", "slot").keys(), Kind.UNIQUE_WHERE_PRESENT));
        }
    };

    private final MongoServer server = new MongoServer(new MemoryBackend());
    private final MongoClient client;
    private final IndexBuilder indexes;

    IndexBuilderTest() {
        server.bind("127.0.0.1", 0);
        client = MongoClients.create(
                "mongodb://127.0.0.1:" + server.getLocalAddress().getPort());
        indexes = new IndexBuilder(
                new SimpleMongoClientDatabaseFactory(client, "indexes"), List.of(TASKS), Duration.ofSeconds(1));
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdownNow();
    }

    @Test
    void anIndexThatIsNotUniqueDoesNotReplaceTheUniqueOne() {
        client.getDatabase("indexes").getCollection("tasks").createIndex(new Document("slot", 1));

        assertThat(indexes.buildAll()).isFalse();

        assertThat(indexes.areUniqueIndexesReady(TASKS)).isFalse();
        assertThat(indexes.missing()).hasEntrySatisfying("tasks.slot", reason -> assertThat(reason)
                .contains("db.tasks.dropIndex(\"slot_1\")"));

        client.getDatabase("indexes").getCollection("tasks").dropIndex("slot_1");
        assertThat(indexes.buildAll()).isTrue();
        assertThat(indexes.areUniqueIndexesReady(TASKS)).isTrue();
    }

    @Test
    void anIndexOfAnEarlierStartIsAccepted() {
        assertThat(indexes.buildAll()).isTrue();
        IndexBuilder restarted = new IndexBuilder(
                new SimpleMongoClientDatabaseFactory(client, "indexes"), List.of(TASKS), Duration.ofSeconds(1));

        assertThat(restarted.buildAll()).isTrue();
    }
}
