package io.perch.localstack.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoWriteException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import de.bwaldvogel.mongo.MongoServer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The unique index of the pipeline's locks, tested with the real driver. */
class UniqueSparseIndexTest {

    private static final int DUPLICATE_KEY = 11000;

    private final MongoServer server = new MongoServer(EmbeddedMongo.inMemory(Clock.systemUTC()));
    private final MongoClient client = MongoClients.create(server.bindAndGetConnectionString());
    private final MongoCollection<Document> tasks = client.getDatabase("perch").getCollection("task_statuses");

    @BeforeEach
    void index() {
        tasks.createIndex(
                Indexes.ascending("slot"), new IndexOptions().unique(true).sparse(true));
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdownNow();
    }

    @Test
    void onlyDocumentsWithTheFieldCollideAlsoIfItIsNull() {
        insert("1", "2", "3");
        assertThat(tasks.countDocuments()).isEqualTo(3);

        tasks.updateOne(Filters.eq("_id", "1"), Updates.set("slot", null));
        var error = catchThrowableOfType(
                MongoWriteException.class, () -> tasks.updateOne(Filters.eq("_id", "2"), Updates.set("slot", null)));
        assertThat(error.getCode()).isEqualTo(DUPLICATE_KEY);
        tasks.deleteOne(Filters.eq("_id", "3"));
        tasks.updateOne(Filters.eq("_id", "1"), Updates.unset("slot"));
        tasks.updateOne(Filters.eq("_id", "2"), Updates.set("slot", null));
    }

    @Test
    void aSlotIsTakenByInsertAndByUpdateAndFreedByUnsetAndDelete() {
        tasks.insertOne(new Document("_id", "1").append("slot", "account"));
        insert("2");
        var inserted = catchThrowableOfType(
                MongoWriteException.class, () -> tasks.insertOne(new Document("_id", "3").append("slot", "account")));
        var updated = catchThrowableOfType(MongoWriteException.class, () -> take("2", "account"));
        assertThat(inserted.getCode()).isEqualTo(DUPLICATE_KEY);
        assertThat(updated.getCode()).isEqualTo(DUPLICATE_KEY);
        assertThat(updated.getMessage()).contains("E11000").contains("account");
        assertThat(tasks.find(Filters.eq("_id", "2")).first()).doesNotContainKey("slot");

        tasks.updateOne(Filters.eq("_id", "1"), Updates.unset("slot"));
        take("2", "account");
        take("2", "account");
        tasks.deleteOne(Filters.eq("_id", "2"));
        take("1", "account");
        assertThat(tasks.find(Filters.eq("slot", "account")).first()).containsEntry("_id", "1");
    }

    @Test
    void anUnorderedBulkWriteReportsEachFailureAndDoesTheOthers() {
        insert("1", "2", "3", "4", "5", "6");
        take("6", "c");
        var error = catchThrowableOfType(
                MongoBulkWriteException.class,
                () -> tasks.bulkWrite(
                        List.of(set("1", "a"), set("2", "a"), set("3", "b"), set("4", "c"), set("5", "d")),
                        new BulkWriteOptions().ordered(false)));
        assertThat(error.getWriteErrors()).extracting(BulkWriteError::getIndex).containsExactly(1, 3);
        assertThat(error.getWriteErrors()).extracting(BulkWriteError::getCode).containsOnly(DUPLICATE_KEY);
        assertThat(error.getWriteResult().getMatchedCount()).isEqualTo(3);
        assertThat(slots()).containsExactly("a", null, "b", null, "d", "c");
    }

    @Test
    void anUnorderedInsertCountsOnlyInsertedDocuments() {
        var models = new ArrayList<WriteModel<Document>>();
        for (var slot : List.of("a", "a", "b", "b", "c")) {
            models.add(new InsertOneModel<>(new Document("_id", models.size()).append("slot", slot)));
        }
        var error = catchThrowableOfType(
                MongoBulkWriteException.class, () -> tasks.bulkWrite(models, new BulkWriteOptions().ordered(false)));
        assertThat(error.getWriteErrors()).extracting(BulkWriteError::getIndex).containsExactly(1, 3);
        assertThat(error.getWriteResult().getInsertedCount()).isEqualTo(3);
        assertThat(tasks.countDocuments()).isEqualTo(3);
    }

    @Test
    void anOrderedBulkWriteStopsAtTheFirstFailure() {
        insert("1", "2", "3");
        var error = catchThrowableOfType(
                MongoBulkWriteException.class,
                () -> tasks.bulkWrite(List.of(set("1", "a"), set("2", "a"), set("3", "b"))));
        assertThat(error.getWriteErrors()).extracting(BulkWriteError::getIndex).containsExactly(1);
        assertThat(error.getWriteResult().getMatchedCount()).isEqualTo(1);
        assertThat(slots()).containsExactly("a", null, null);
    }

    private void insert(String... ids) {
        for (var id : ids) {
            tasks.insertOne(new Document("_id", id));
        }
    }

    private void take(String id, String slot) {
        tasks.updateOne(Filters.eq("_id", id), Updates.set("slot", slot));
    }

    private static WriteModel<Document> set(String id, String slot) {
        return new UpdateOneModel<>(
                Filters.and(Filters.eq("_id", id), Filters.exists("slot", false)), Updates.set("slot", slot));
    }

    private List<String> slots() {
        return tasks.find().map(task -> task.getString("slot")).into(new ArrayList<>());
    }
}
