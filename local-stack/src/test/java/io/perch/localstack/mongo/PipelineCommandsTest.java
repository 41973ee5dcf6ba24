package io.perch.localstack.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.not;
import static com.mongodb.client.model.Filters.or;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoWriteException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.CountOptions;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import de.bwaldvogel.mongo.MongoServer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands of the resource server, sent with the real driver. Each must behave as on MongoDB. */
class PipelineCommandsTest {

    private static final int DUPLICATE_KEY = 11000;
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final UpdateOptions UPSERT = new UpdateOptions().upsert(true);

    private final MongoServer server = new MongoServer(EmbeddedMongo.inMemory(Clock.systemUTC()));
    private final MongoClient client = MongoClients.create(server.bindAndGetConnectionString());
    private final MongoCollection<Document> tasks = client.getDatabase("perch").getCollection("task_statuses");

    @BeforeEach
    void indexes() {
        var newestFirst = Indexes.descending("created_at", "_id");
        tasks.createIndex(
                Indexes.ascending("slot"), new IndexOptions().unique(true).sparse(true));
        tasks.createIndex(Indexes.ascending("due_at"), new IndexOptions().sparse(true));
        tasks.createIndex(Indexes.ascending("completed_at"), new IndexOptions().sparse(true));
        tasks.createIndex(Indexes.compoundIndex(Indexes.ascending("user_id"), newestFirst));
        tasks.createIndex(Indexes.compoundIndex(Indexes.ascending("status"), newestFirst));
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdownNow();
    }

    @Test
    void countsByAnIndexByAScanAndUpToALimit() {
        insert(task("1", "pending"), task("2", "pending"), task("3", "running").append("user_id", "other"));
        assertThat(tasks.countDocuments()).isEqualTo(3);
        assertThat(tasks.estimatedDocumentCount()).isEqualTo(3);
        assertThat(tasks.countDocuments(eq("status", "pending"))).isEqualTo(2);
        assertThat(tasks.countDocuments(and(eq("user_id", "user"), in("status", "running", "pending"))))
                .isEqualTo(2);
        assertThat(tasks.countDocuments(eq("attempt", 0))).isEqualTo(3);
        assertThat(tasks.countDocuments(eq("status", "pending"), new CountOptions().limit(1)))
                .isEqualTo(1);
        assertThat(tasks.countDocuments(and(eq("created_at", null), eq("version", null))))
                .as("neither field is there")
                .isEqualTo(3);
        assertThat(tasks.countDocuments(eq("status", "unknown"))).isZero();
    }

    @Test
    void aListIsReadPageByPageNewestFirst() {
        insert(
                task("a", "pending").append("created_at", at(1)),
                task("b", "pending").append("created_at", at(2)),
                task("c", "completed").append("created_at", at(2)),
                task("d", "pending").append("created_at", at(2)),
                task("e", "pending").append("created_at", at(3)),
                task("f", "pending").append("user_id", "other"));
        assertThat(page(eq("user_id", "user"), 3)).containsExactly("e", "d", "c");
        var afterC = or(lt("created_at", at(2)), and(eq("created_at", at(2)), lt("_id", "c")));
        assertThat(page(and(eq("user_id", "user"), afterC), 3)).containsExactly("b", "a");
        assertThat(page(and(eq("user_id", "user"), eq("status", "pending"), afterC), 1))
                .containsExactly("b");
        assertThat(page(and(in("status", "pending", "running"), afterC), 2)).containsExactly("b", "a");
    }

    @Test
    void aPollReturnsDueTasksOldestFirstWithTheRequestedFields() {
        insert(
                task("1", "pending").append("due_at", at(-1)).append("secrets", "s"),
                task("2", "running").append("due_at", at(-3)).append("lease_until", at(-3)),
                task("3", "completed").append("due_at", at(-9)),
                task("4", "pending").append("due_at", at(1)),
                task("5", "pending").append("due_at", at(0)),
                task("6", "pending"));
        var due = tasks.find(and(in("status", "pending", "running", "retrying"), lte("due_at", at(0))))
                .sort(Sorts.ascending("due_at"))
                .projection(Projections.include("status", "due_at", "lease_until"))
                .limit(2)
                .into(new ArrayList<>());
        assertThat(due)
                .containsExactly(
                        new Document("_id", "2")
                                .append("status", "running")
                                .append("due_at", at(-3))
                                .append("lease_until", at(-3)),
                        new Document("_id", "1").append("status", "pending").append("due_at", at(-1)));
    }

    @Test
    void leasesAreRenewedOnlyForTasksWithTheSameClaim() {
        insert(
                task("1", "running").append("claim", "x"),
                task("2", "running").append("claim", "stolen"),
                task("3", "completed").append("claim", "x"),
                task("4", "running").append("claim", "y"),
                task("5", "running").append("claim", "y"));
        var held = and(
                in("_id", "1", "2", "3", "4", "gone"),
                in("user_id", "user", "other"),
                in("claim", "x", "y"),
                eq("status", "running"));
        var result = tasks.updateMany(held, Updates.set("lease_until", at(60)));
        assertThat(result.getMatchedCount()).isEqualTo(2);
        assertThat(result.getModifiedCount()).isEqualTo(2);
        assertThat(ids(eq("lease_until", at(60)))).containsExactlyInAnyOrder("1", "4");
        assertThat(ids(held)).containsExactlyInAnyOrder("1", "4");
        assertThat(tasks.updateMany(held, Updates.set("lease_until", at(60))).getModifiedCount())
                .isZero();
    }

    @Test
    void aTaskIsUpdatedOnlyInTheExpectedState() {
        insert(
                task("1", "running").append("attempt", 1).append("slot", "a"),
                task("2", "pending").append("slot", "b"));
        var unchanged = and(eq("_id", "1"), eq("user_id", "user"), eq("status", "running"), eq("attempt", 1));
        var update = Updates.combine(
                Updates.set("status", "retrying"),
                Updates.unset("slot"),
                Updates.pushEach("history", List.of(new Document("status", "retrying"))));
        var after = new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER);

        assertThat(tasks.findOneAndUpdate(unchanged, update, after))
                .isEqualTo(task("1", "retrying")
                        .append("attempt", 1)
                        .append("history", List.of(new Document("status", "retrying"))));
        assertThat(tasks.findOneAndUpdate(unchanged, update, after)).isNull();
        assertThat(tasks.findOneAndUpdate(eq("_id", "1"), Updates.set("attempt", 2)))
                .as("the document before, where nothing else is asked for")
                .containsEntry("attempt", 1);
        var taken = catchThrowableOfType(
                MongoCommandException.class, () -> tasks.findOneAndUpdate(eq("_id", "1"), Updates.set("slot", "b")));
        assertThat(taken.getErrorCode()).isEqualTo(DUPLICATE_KEY);
    }

    @Test
    void anUpsertOfANewerStateInsertsUpdatesOrCollides() {
        var result = tasks.updateOne(notNewer("u", 5), Updates.set("sequence", 5), UPSERT);
        assertThat(result.getUpsertedId()).isNotNull();
        assertThat(result.getMatchedCount()).isZero();
        assertThat(tasks.find()).containsExactly(new Document("_id", "u").append("sequence", 5));

        assertThat(tasks.updateOne(notNewer("u", 7), Updates.set("sequence", 7), UPSERT)
                        .getMatchedCount())
                .isEqualTo(1);
        var older = catchThrowableOfType(
                MongoWriteException.class, () -> tasks.updateOne(notNewer("u", 6), Updates.set("sequence", 6), UPSERT));
        assertThat(older.getCode()).isEqualTo(DUPLICATE_KEY);

        insert(new Document("_id", "v"));
        tasks.updateOne(notNewer("v", 1), Updates.set("sequence", 1), UPSERT);
        var bulk = catchThrowableOfType(
                MongoBulkWriteException.class,
                () -> tasks.bulkWrite(
                        List.of(
                                new UpdateOneModel<>(notNewer("u", 1), Updates.set("sequence", 1), UPSERT),
                                new UpdateOneModel<>(notNewer("v", 2), Updates.set("sequence", 2), UPSERT),
                                new UpdateOneModel<>(notNewer("w", 3), Updates.set("sequence", 3), UPSERT)),
                        new BulkWriteOptions().ordered(false)));
        assertThat(bulk.getWriteErrors()).extracting(BulkWriteError::getIndex).containsExactly(0);
        assertThat(bulk.getWriteErrors()).extracting(BulkWriteError::getCode).containsExactly(DUPLICATE_KEY);
        assertThat(bulk.getWriteResult().getMatchedCount()).isEqualTo(1);
        assertThat(bulk.getWriteResult().getUpserts()).singleElement().satisfies(upsert -> {
            assertThat(upsert.getIndex()).isEqualTo(2);
            assertThat(upsert.getId().asString().getValue()).isEqualTo("w");
        });
        assertThat(tasks.find().map(user -> user.getInteger("sequence"))).containsExactly(7, 2, 3);
    }

    @Test
    void listElementsAndMaximumsAreUpdated() {
        var mark = Updates.combine(
                Updates.setOnInsert("user_id", "user"),
                Updates.max("deleted_at", at(5)),
                Updates.pushEach("acts", List.of(act("a"), act("b"))));
        assertThat(tasks.updateOne(eq("_id", "1"), mark, UPSERT).getUpsertedId())
                .isNotNull();
        assertThat(tasks.find(eq("_id", "1")).first())
                .isEqualTo(new Document("_id", "1")
                        .append("user_id", "user")
                        .append("deleted_at", at(5))
                        .append("acts", List.of(act("a"), act("b"))));

        var again = Updates.combine(
                Updates.setOnInsert("user_id", "ignored"),
                Updates.max("deleted_at", at(3)),
                Updates.pushEach("acts", List.of(act("c"))));
        tasks.updateOne(eq("_id", "1"), again, UPSERT);
        tasks.updateOne(eq("_id", "1"), pull("a", "c", "unknown"));
        assertThat(tasks.find(eq("_id", "1")).first())
                .isEqualTo(new Document("_id", "1")
                        .append("user_id", "user")
                        .append("deleted_at", at(5))
                        .append("acts", List.of(act("b"))));
        tasks.updateOne(eq("_id", "1"), Updates.max("deleted_at", at(8)));
        assertThat(ids(eq("deleted_at", at(8)))).containsExactly("1");
    }

    @Test
    void tasksAreFoundByTheirPendingActs() {
        insert(
                task("1", "completed").append("completed_at", at(-9)).append("acts", List.of(act("a"))),
                task("2", "completed").append("completed_at", at(-8)).append("acts", List.of()),
                task("3", "completed").append("completed_at", at(-7)),
                task("4", "completed").append("completed_at", at(-6)).append("slot", "still running"));
        assertThat(ids(and(eq("user_id", "user"), exists("acts.0")))).containsExactly("1");
        var old = and(
                lt("completed_at", at(0)),
                exists("slot", false),
                exists("acts.0", false),
                or(exists("keep_until", false), lt("keep_until", at(0))));
        assertThat(ids(old)).containsExactlyInAnyOrder("2", "3");

        tasks.updateOne(eq("_id", "1"), pull("a"));
        var deleted = tasks.deleteMany(and(in("_id", "1", "2", "4"), in("user_id", "user"), exists("slot", false)));
        assertThat(deleted.getDeletedCount()).isEqualTo(2);
        assertThat(ids(new Document())).containsExactlyInAnyOrder("3", "4");
    }

    @Test
    void aProjectionOfNestedFieldsKeepsTheirParents() {
        insert(task("1", "failed")
                .append("error", new Document("code", "wrong_password").append("message", "m"))
                .append("history", List.of(transition(1), transition(2))));
        assertThat(tasks.find().projection(Projections.include("error.code", "history.at", "challenge.kind")))
                .containsExactly(new Document("_id", "1")
                        .append("error", new Document("code", "wrong_password"))
                        .append("history", List.of(new Document("at", at(1)), new Document("at", at(2)))));
        assertThat(tasks.find()
                        .projection(Projections.exclude("error.message", "history.status", "user_id", "attempt")))
                .containsExactly(new Document("_id", "1")
                        .append("status", "failed")
                        .append("error", new Document("code", "wrong_password"))
                        .append("history", List.of(new Document("at", at(1)), new Document("at", at(2)))));
        assertThat(tasks.find(gt("history.at", at(1)))
                        .projection(Projections.fields(Projections.include("status"), Projections.excludeId())))
                .containsExactly(new Document("status", "failed"));
    }

    private void insert(Document... documents) {
        tasks.insertMany(List.of(documents));
    }

    private List<String> page(Bson filter, int limit) {
        return tasks.find(filter)
                .sort(Sorts.descending("created_at", "_id"))
                .limit(limit)
                .map(task -> task.getString("_id"))
                .into(new ArrayList<>());
    }

    private List<String> ids(Bson filter) {
        return tasks.find(filter)
                .projection(Projections.include("_id"))
                .map(task -> task.getString("_id"))
                .into(new ArrayList<>());
    }

    private static Bson notNewer(String id, int sequence) {
        return and(eq("_id", id), not(gt("sequence", sequence)));
    }

    private static Bson pull(String... actIds) {
        return Updates.pull("acts", new Document("id", new Document("$in", List.of(actIds))));
    }

    private static Document task(String id, String status) {
        return new Document("_id", id)
                .append("user_id", "user")
                .append("status", status)
                .append("attempt", 0);
    }

    private static Document act(String id) {
        return new Document("id", id).append("kind", "login");
    }

    private static Document transition(int second) {
        return new Document("status", "failed").append("at", at(second));
    }

    /** The type with which the driver returns a time. */
    @SuppressWarnings("JavaUtilDate")
    private static Date at(int second) {
        return Date.from(NOW.plusSeconds(second));
    }
}
