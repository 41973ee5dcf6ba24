package io.perch.localstack.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gte;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.bson.Document;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a server process while it writes. */
class KilledServerTest {

    private static final String ADDRESS = "mongodb://";
    private static final int BATCH = 50;
    private static final int DOCUMENTS = 5_000;

    /** The commit delay, plus time for a busy machine. */
    private static final Duration MAY_BE_LOST = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    @Test
    void acknowledgedWritesAreKeptAndTheIndexesMatchThem() throws Exception {
        var file = directory.resolve("perch.mv");
        int lasting = 0;
        int acknowledged = 0;
        var server = start(file);
        var address = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        try (var client = MongoClients.create(Objects.requireNonNull(address.readLine()))) {
            var tasks = tasks(client);
            indexes(tasks);
            var begin = Instant.now();
            while (Instant.now().isBefore(begin.plus(MAY_BE_LOST.multipliedBy(2)))) {
                tasks.insertMany(running(acknowledged), new InsertManyOptions().ordered(false));
                finishEven(tasks, acknowledged);
                acknowledged += BATCH;
                if (Instant.now().isBefore(begin.plus(MAY_BE_LOST))) {
                    lasting = acknowledged;
                }
            }
        } finally {
            kill(server);
        }

        var again = new MongoServer(EmbeddedMongo.open(file));
        try (var client = MongoClients.create(again.bindAndGetConnectionString())) {
            var tasks = tasks(client);
            var all = tasks.find().into(new ArrayList<>());
            assertThat(lasting).isPositive();
            assertThat(all).hasSizeBetween(lasting, acknowledged + BATCH);
            int written = lasting;
            assertThat(all)
                    .filteredOn(task -> task.getInteger("n") < written)
                    .hasSize(written)
                    .allSatisfy(task -> assertThat(task.getString("status"))
                            .isEqualTo(task.getInteger("n") % 2 == 0 ? "completed" : "running"));
            assertIndexesAgree(tasks, all);
        } finally {
            again.shutdownNow();
        }
    }

    @Test
    void aConversionIsCompletedAfterAnyNumberOfInterruptions() throws Exception {
        var file = directory.resolve("perch.mv");
        plain(file);

        boolean ready = false;
        for (int millis = 200; !ready; millis += millis / 4) {
            var server = start(file);
            server.waitFor(millis, TimeUnit.MILLISECONDS);
            ready = kill(server).contains(ADDRESS);
        }

        var again = new MongoServer(EmbeddedMongo.open(file));
        try (var client = MongoClients.create(again.bindAndGetConnectionString())) {
            var tasks = tasks(client);
            var all = tasks.find().into(new ArrayList<>());
            assertThat(all).hasSize(DOCUMENTS);
            assertIndexesAgree(tasks, all);
        } finally {
            again.shutdownNow();
        }
        try (var store = MVStore.open(file.toString())) {
            assertThat(store.getMapNames()).noneMatch(name -> name.startsWith("databases."));
        }
    }

    /** A file of mongo-java-server's own backend. */
    private static void plain(Path file) {
        var server = new MongoServer(new H2Backend(file.toString()));
        try (var client = MongoClients.create(server.bindAndGetConnectionString())) {
            var tasks = tasks(client);
            for (int first = 0; first < DOCUMENTS; first += BATCH) {
                tasks.insertMany(running(first));
            }
            indexes(tasks);
        } finally {
            server.shutdownNow();
        }
    }

    private static MongoCollection<Document> tasks(MongoClient client) {
        return client.getDatabase("perch").getCollection("task_statuses");
    }

    private static void indexes(MongoCollection<Document> tasks) {
        tasks.createIndex(
                Indexes.ascending("slot"), new IndexOptions().unique(true).sparse(true));
        tasks.createIndex(Indexes.ascending("due_at"), new IndexOptions().sparse(true));
        tasks.createIndex(Indexes.compoundIndex(Indexes.ascending("status"), Indexes.descending("n")));
    }

    private static List<Document> running(int first) {
        return IntStream.range(first, first + BATCH)
                .mapToObj(n -> new Document("_id", "task-" + n)
                        .append("n", n)
                        .append("status", "running")
                        .append("slot", "account-" + n)
                        .append("due_at", Instant.EPOCH.plusSeconds(n)))
                .toList();
    }

    private static void finishEven(MongoCollection<Document> tasks, int first) {
        var finished =
                Updates.combine(Updates.set("status", "completed"), Updates.unset("slot"), Updates.unset("due_at"));
        tasks.bulkWrite(
                IntStream.range(first, first + BATCH)
                        .filter(n -> n % 2 == 0)
                        .mapToObj(n -> new UpdateOneModel<Document>(
                                and(eq("_id", "task-" + n), eq("status", "running")), finished))
                        .toList(),
                new BulkWriteOptions().ordered(false));
    }

    /** Each of these queries uses an index. The result is compared with all documents. */
    private static void assertIndexesAgree(MongoCollection<Document> tasks, List<Document> all) {
        int limit = all.size();
        assertThat(set(tasks.find(gte("due_at", Instant.EPOCH))
                        .sort(Sorts.ascending("due_at"))
                        .limit(limit)))
                .isEqualTo(set(having(all, "due_at")));
        assertThat(set(tasks.find(exists("slot")))).isEqualTo(set(having(all, "slot")));
        for (var status : List.of("running", "completed")) {
            var expected = new ArrayList<>(all);
            expected.removeIf(task -> !status.equals(task.get("status")));
            assertThat(set(tasks.find(eq("status", status))
                            .sort(Sorts.descending("n"))
                            .limit(limit)))
                    .isEqualTo(set(expected));
        }
        var taken = having(all, "slot").get(0).get("slot");
        assertThatThrownBy(() -> tasks.insertOne(new Document("_id", "another").append("slot", taken)))
                .isInstanceOf(MongoWriteException.class);
    }

    private static Set<Document> set(Iterable<Document> documents) {
        var set = new HashSet<Document>();
        documents.forEach(set::add);
        return set;
    }

    private static List<Document> having(List<Document> all, String field) {
        return all.stream().filter(task -> task.containsKey(field)).toList();
    }

    private static Process start(Path file) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Kills the process. Returns its output that was not yet read. */
    private static String kill(Process server) throws Exception {
        // Process.destroyForcibly would close the output
        server.toHandle().destroyForcibly();
        server.waitFor();
        return new String(server.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The server that is killed. It prints its address. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) throws IOException {
            var server = new MongoServer(EmbeddedMongo.open(Path.of(arguments[0])));
            System.out.println(server.bindAndGetConnectionString());
        }
    }
}
