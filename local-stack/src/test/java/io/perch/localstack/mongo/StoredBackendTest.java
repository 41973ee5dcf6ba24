package io.perch.localstack.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.IndexKeySpecsConflictException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredBackendTest {

    private static final String TASKS = "task_statuses";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    @Test
    void aPollReadsOnlyDueTasks() {
        var store = MVStore.open(null);
        var commands = new Commands(new StoredBackend(store, Clock.systemUTC()));
        dueIndex(commands);
        for (int i = 0; i < 10; i++) {
            commands.insert(TASKS, task("due-" + i, NOW.minusSeconds(i)), task("later-" + i, NOW.plusSeconds(1 + i)));
        }
        commands.insert(TASKS, new Document("_id", "finished").append("status", "completed"));
        var documents = StoredDatabase.documents(store, Commands.DATABASE + "." + TASKS);
        // These documents cannot be decoded, so a query that reads one fails
        documents.put("finished", new byte[0]);
        documents.put("due-0", new byte[0]);
        documents.put("later-5", new byte[0]);

        var due = commands.run(new Document("find", TASKS)
                .append(
                        "filter",
                        new Document("due_at", new Document("$lte", NOW))
                                .append("status", new Document("$in", List.of("pending", "running"))))
                .append("sort", new Document("due_at", 1))
                .append("limit", 3));

        assertThat(Commands.batch(due)).extracting(task -> task.get("_id")).containsExactly("due-9", "due-8", "due-7");
        assertThatThrownBy(() -> commands.find(TASKS, new Document("status", "completed")))
                .as("a scan reads everything")
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void anIdIsFoundNextToOtherConditionsAndInsideAnd() {
        var store = MVStore.open(null);
        var commands = new Commands(new StoredBackend(store, Clock.systemUTC()));
        commands.insert(TASKS, task("1", NOW), task("2", NOW), task("3", NOW));
        StoredDatabase.documents(store, Commands.DATABASE + "." + TASKS).put("3", new byte[0]);

        var nested = new Document(
                "$and",
                List.of(
                        new Document("status", "pending"),
                        new Document(
                                "$and", List.of(new Document("_id", new Document("$in", List.of("2", "1", "9")))))));
        assertThat(commands.find(TASKS, nested))
                .extracting(task -> task.get("_id"))
                .containsExactly("1", "2");
        var updated = commands.run(new Document("update", TASKS)
                .append(
                        "updates",
                        List.of(new Document("q", new Document("_id", "1").append("status", "pending"))
                                .append("u", new Document("$set", new Document("status", "running"))))));
        assertThat(updated).containsEntry("n", 1);
        var modified = commands.run(new Document("findAndModify", TASKS)
                .append(
                        "query",
                        new Document("$and", List.of(new Document("_id", "1"), new Document("status", "running"))))
                .append("update", new Document("$set", new Document("status", "completed")))
                .append("new", true));
        assertThat((Document) modified.get("value")).containsEntry("status", "completed");
        var deleted = commands.run(new Document("delete", TASKS)
                .append(
                        "deletes",
                        List.of(new Document("q", new Document("_id", "2").append("status", "pending"))
                                .append("limit", 1))));
        assertThat(deleted).containsEntry("n", 1);
    }

    @Test
    void documentsAndIndexesAreThereAfterARestart() throws Exception {
        var file = directory.resolve("perch.mv");
        var first = EmbeddedMongo.open(file);
        var before = new Commands(first);
        dueIndex(before);
        slotIndex(before);
        before.insert(TASKS, task("1", NOW).append("slot", "a"), task("2", NOW));
        first.close();

        var second = EmbeddedMongo.open(file);
        var after = new Commands(second);
        assertThat(after.find(TASKS, new Document("due_at", NOW))).hasSize(2);
        assertThat(errors(after.insert(TASKS, task("3", NOW).append("slot", "a"))))
                .hasSize(1);
        assertThat(errors(after.insert(TASKS, task("1", NOW)))).hasSize(1);
        second.close();
    }

    @Test
    void indexesAreRebuiltAfterACrash() {
        var file = directory.resolve("perch.mv").toString();
        var store = MVStore.open(file);
        var commands = new Commands(new StoredBackend(store, Clock.systemUTC()));
        dueIndex(commands);
        slotIndex(commands);
        commands.insert(TASKS, task("1", NOW).append("slot", "a"), task("2", NOW), task("3", NOW));
        // A state in which the store has written a document but not its index entries
        StoredDatabase.documents(store, Commands.DATABASE + "." + TASKS).remove("2");
        StoredDatabase.documents(store, Commands.DATABASE + "." + TASKS)
                .put("4", Bson.encode(task("4", NOW).append("slot", "d")));
        store.commit();
        store.closeImmediately();

        var again = MVStore.open(file);
        var backend = new StoredBackend(again, Clock.systemUTC());
        var after = new Commands(backend);
        assertThat(after.find(TASKS, new Document("due_at", NOW)))
                .extracting(task -> task.get("_id"))
                .containsExactly("1", "3", "4");
        assertThat(errors(after.insert(TASKS, task("5", NOW).append("slot", "d"))))
                .hasSize(1);
        assertThat(errors(after.insert(TASKS, task("2", NOW)))).isEmpty();
        backend.close();
    }

    @Test
    void aFileInTheOldFormatIsConvertedOnce() throws Exception {
        var file = directory.resolve("perch.mv");
        plain(file);

        for (int start = 0; start < 2; start++) {
            var backend = EmbeddedMongo.open(file);
            assertConverted(new Commands(backend), start);
            backend.close();
        }
        try (var store = MVStore.open(file.toString())) {
            assertThat(store.getMapNames()).noneMatch(name -> name.startsWith("databases."));
        }
    }

    @Test
    void anInterruptedConversionIsContinued() throws Exception {
        var file = directory.resolve("perch.mv");
        plain(file);
        var store = MVStore.open(file.toString());
        // The state of a conversion that was interrupted in the middle of the tasks
        MVMap<Object, Document> old = store.openMap("databases.perch." + TASKS);
        StoredDatabase.documents(store, "perch." + TASKS).put("1", Bson.encode(Objects.requireNonNull(old.get("1"))));
        store.commit();
        store.closeImmediately();
        var copy = directory.resolve("copy.mv");
        Files.copy(file, copy);

        var backend = EmbeddedMongo.open(copy);
        assertConverted(new Commands(backend), 0);
        backend.close();
    }

    @Test
    void droppedIndexesAndCollectionsAreRemovedAndOthersAreKept() {
        var store = MVStore.open(null);
        var commands = new Commands(new StoredBackend(store, Clock.systemUTC()));
        for (var collection : List.of(TASKS, "other")) {
            commands.createIndex(collection, "due", new Document("due_at", 1), false, true);
            commands.insert(collection, task("1", NOW));
        }
        commands.run(new Document("dropIndexes", TASKS).append("index", "due"));
        assertThat(names(commands, TASKS)).containsExactly("_id_");
        assertThat(names(commands, "other")).containsExactlyInAnyOrder("_id_", "due");
        commands.createIndex(TASKS, "due", new Document("due_at", -1), false, true);
        assertThat(commands.find(TASKS, new Document("due_at", NOW))).hasSize(1);
        assertThatThrownBy(() -> commands.createIndex(TASKS, "due", new Document("due_at", 1), false, true))
                .isInstanceOf(IndexKeySpecsConflictException.class);

        commands.run(new Document("dropIndexes", TASKS).append("index", "*"));
        commands.run(new Document("drop", TASKS));
        assertThat(store.getMapNames()).noneMatch(name -> name.contains(TASKS));
        commands.insert(TASKS, task("1", NOW));
        assertThat(commands.find(TASKS, new Document())).hasSize(1);
    }

    @Test
    void anIndexOnExistingDocumentsIsComplete() {
        var commands = new Commands(EmbeddedMongo.inMemory(Clock.systemUTC()));
        commands.insert(
                TASKS, task("1", NOW).append("slot", "a"), task("2", NOW).append("slot", "a"));
        dueIndex(commands);
        assertThat(commands.find(TASKS, new Document("due_at", NOW))).hasSize(2);
        assertThatThrownBy(() -> slotIndex(commands)).hasMessageContaining("Index build failed");
        assertThat(names(commands, TASKS)).containsExactlyInAnyOrder("_id_", "due");
    }

    private static void plain(Path file) {
        var backend = new H2Backend(file.toString());
        var commands = new Commands(backend);
        dueIndex(commands);
        slotIndex(commands);
        commands.insert(TASKS, task("1", NOW).append("slot", "a"), task("2", NOW), new Document("_id", 3));
        commands.insert("users", new Document("_id", "u").append("list", List.of(1, "two", 3.0)));
        backend.close();
    }

    private static void assertConverted(Commands commands, int more) {
        assertThat(commands.find("users", new Document()))
                .containsExactly(new Document("_id", "u").append("list", List.of(1, "two", 3.0)));
        assertThat(commands.find(TASKS, new Document())).hasSize(3 + more);
        assertThat(commands.find(TASKS, new Document("_id", 3.0))).hasSize(1);
        assertThat(commands.find(TASKS, new Document("due_at", NOW))).hasSize(2 + more);
        assertThat(names(commands, TASKS)).containsExactlyInAnyOrder("_id_", "due", "slot");
        assertThat(errors(commands.insert(TASKS, task("9", NOW).append("slot", "a"))))
                .hasSize(1);
        assertThat(errors(commands.insert(TASKS, task("new-" + more, NOW)))).isEmpty();
    }

    private static void dueIndex(Commands commands) {
        commands.createIndex(TASKS, "due", new Document("due_at", 1), false, true);
    }

    private static void slotIndex(Commands commands) {
        commands.createIndex(TASKS, "slot", new Document("slot", 1), true, true);
    }

    private static Document task(String id, Instant due) {
        return new Document("_id", id).append("status", "pending").append("due_at", due);
    }

    private static List<?> errors(Document reply) {
        return (List<?>) reply.getOrDefault("writeErrors", List.of());
    }

    private static List<Object> names(Commands commands, String collection) {
        return Commands.batch(commands.run(new Document("listIndexes", collection))).stream()
                .map(index -> index.get("name"))
                .toList();
    }
}
