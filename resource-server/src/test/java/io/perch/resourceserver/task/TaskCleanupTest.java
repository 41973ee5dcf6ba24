package io.perch.resourceserver.task;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.perch.resourceserver.crypto.Keysets;
import io.perch.resourceserver.mongo.IndexBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.mongodb.core.MongoOperations;

/** Final tasks are removed when their retention time is over. */
class TaskCleanupTest {

    private static final Duration KEEP = Duration.ofDays(90);
    private static final int MANY = 2_500;

    private final MongoServer server = new MongoServer(new MemoryBackend());
    private ConfigurableApplicationContext context;
    private MongoOperations mongo;

    @BeforeEach
    void start() {
        server.bind("127.0.0.1", 0);
        context = ModelContext.start(
                server.getLocalAddress().getPort(), Keysets.generate(), users -> Set.of(), acts -> {});
        context.getBean(IndexBuilder.class).buildAll();
        mongo = context.getBean(MongoOperations.class);
    }

    @AfterEach
    void stop() {
        context.close();
        server.shutdownNow();
    }

    @Test
    void finalTasksAreRemovedWhenTheirRetentionTimeIsOver() {
        Date over = Date.from(Instant.now().minus(KEEP).minusSeconds(60));
        Date recent = Date.from(Instant.now().minus(KEEP).plusSeconds(60));
        Date later = Date.from(Instant.now().plusSeconds(600));
        for (int i = 0; i < MANY; i++) {
            insert("over-" + i, "success", new Document("completed_at", over));
        }
        insert("recent", "failure", new Document("completed_at", recent));
        insert("open", "challenge_required", new Document("due_at", later));
        insert("runs", "cancelled", new Document("completed_at", over).append("slot", "an-account"));
        insert(
                "not-audited",
                "success",
                new Document("completed_at", over).append("acts", List.of(new Document("id", "an-act"))));
        insert("key-in-use", "success", new Document("completed_at", over).append("keep_until", later));

        context.getBean(TaskCleanup.class).clean();

        assertThat(mongo.getCollection(TaskCollection.NAME).find().map(task -> task.getString("_id")))
                .containsExactlyInAnyOrder("recent", "open", "runs", "not-audited", "key-in-use");
    }

    @Test
    void fingerprintsAreRemovedWhenTheirWindowIsOver() {
        insert("over", "success", fingerprint(Instant.now().minusSeconds(1)));
        insert("recent", "success", fingerprint(Instant.now().plusSeconds(60)));

        context.getBean(TaskCleanup.class).clean();

        assertThat(task("over")).doesNotContainKeys("fingerprint", "forget_at");
        assertThat(task("recent")).containsKeys("fingerprint", "forget_at");
    }

    private static Document fingerprint(Instant until) {
        return new Document("completed_at", Date.from(Instant.now()))
                .append("fingerprint", "sealed")
                .append("forget_at", Date.from(until));
    }

    private void insert(String id, String status, Document more) {
        Document task = new Document("_id", id).append("user_id", "alice").append("status", status);
        task.putAll(more);
        mongo.getCollection(TaskCollection.NAME).insertOne(task);
    }

    private Document task(String id) {
        return mongo.getCollection(TaskCollection.NAME)
                .find(new Document("_id", id))
                .first();
    }
}
