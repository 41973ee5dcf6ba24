package io.perch.localstack.mongo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import com.sun.management.OperatingSystemMXBean;
import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.IntSupplier;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints how fast the pipeline's commands run. It asserts nothing.
 *
 * <p>Settings: {@code benchmark.finished} (finished tasks in the database at the start), {@code benchmark.seconds}
 * (duration of each measurement), {@code benchmark.long} (tasks that go through all steps at the end, with a line for
 * each 50,000), {@code benchmark.directory} (an existing directory; its file is kept for the next run),
 * {@code benchmark.storage} ({@code plain} is mongo-java-server's own H2 backend).
 */
class MongoBenchmark {

    private static final int BATCH = 200;
    private static final int PRELOAD_BATCH = 1000;
    private static final int LONG_RUN_STEP = 50_000;

    private final int finished = Integer.getInteger("benchmark.finished", 0);
    private final int longRun = Integer.getInteger("benchmark.long", 0);
    private final int seconds = Integer.getInteger("benchmark.seconds", 5);
    private final boolean plain = "plain".equals(System.getProperty("benchmark.storage"));

    @TempDir
    Path directory;

    private record Open(String id, String user, String claim) {}

    @Test
    void measure() throws Exception {
        var file = Path.of(System.getProperty("benchmark.directory", directory.toString()))
                .resolve("perch.mv");
        long begin = System.nanoTime();
        var server = new MongoServer(backend(file));
        try (var client = MongoClients.create(server.bindAndGetConnectionString())) {
            var tasks = collection(client);
            System.out.printf("storage %s, %,d finished tasks%n", plain ? "plain" : "embedded", finished);
            System.out.printf("opened in %.1f s%n", (System.nanoTime() - begin) / 1e9);
            preload(tasks);
            var pending = new ArrayDeque<Open>();
            var claimed = new ArrayDeque<Open>();
            figure("warm-up", () -> cycle(tasks, pending, claimed));
            figure("single inserts", () -> insertOne(tasks, pending));
            figure("batched inserts of " + BATCH, () -> insertMany(tasks, pending));
            figure("polls of due tasks", () -> poll(tasks));
            figure("batched claims, then read", () -> claim(tasks, pending, claimed));
            figure("batched finishes", () -> finish(tasks, claimed));
            figure("all three", () -> cycle(tasks, pending, claimed));
            figure("newest tasks of one user", () -> {
                tasks.find(Filters.eq("user_id", "user-7"))
                        .sort(Sorts.descending("created_at", "_id"))
                        .limit(20)
                        .into(new ArrayList<>());
                return 1;
            });
            space(file);
            for (int done = 0; done < longRun; done += LONG_RUN_STEP) {
                long steps = LONG_RUN_STEP / BATCH;
                figure("all three, long", steps, () -> cycle(tasks, pending, claimed));
                space(file);
            }
        } finally {
            server.shutdownNow();
        }
    }

    private MongoBackend backend(Path file) throws Exception {
        if (!plain) {
            return EmbeddedMongo.open(file);
        }
        var store = new MVStore.Builder().fileName(file.toString()).open();
        store.setAutoCommitDelay(100);
        return new H2Backend(store);
    }

    private static MongoCollection<Document> collection(MongoClient client) {
        var tasks = client.getDatabase("perch").getCollection("task_statuses");
        // The same indexes as those of the resource server
        tasks.createIndex(
                Indexes.ascending("slot"), new IndexOptions().unique(true).sparse(true));
        for (var sparse : List.of("due_at", "completed_at", "forget_at")) {
            tasks.createIndex(Indexes.ascending(sparse), new IndexOptions().sparse(true));
        }
        var newestFirst = Indexes.descending("created_at", "_id");
        tasks.createIndex(Indexes.compoundIndex(Indexes.ascending("user_id"), newestFirst));
        tasks.createIndex(Indexes.compoundIndex(Indexes.ascending("user_id", "status"), newestFirst));
        tasks.createIndex(Indexes.compoundIndex(Indexes.ascending("user_id"), Indexes.descending("updated_at", "_id")));
        tasks.createIndex(Indexes.compoundIndex(Indexes.ascending("status"), newestFirst));
        tasks.createIndex(newestFirst);
        return tasks;
    }

    private void preload(MongoCollection<Document> tasks) {
        long missing = finished - tasks.estimatedDocumentCount();
        if (missing <= 0) {
            return;
        }
        figure("finished tasks inserted", missing / PRELOAD_BATCH, () -> {
            var batch = new ArrayList<Document>();
            for (int i = 0; i < PRELOAD_BATCH; i++) {
                var task = task(UUID.randomUUID().toString(), "user-" + i);
                task.remove("due_at");
                task.remove("secrets");
                batch.add(task.append("status", "completed").append("completed_at", Instant.now()));
            }
            tasks.insertMany(batch, new InsertManyOptions().ordered(false));
            return PRELOAD_BATCH;
        });
    }

    private void figure(String name, IntSupplier work) {
        figure(name, Long.MAX_VALUE, work);
    }

    /** Runs the work this many times. Without a number, it runs until the time is over. */
    private void figure(String name, long times, IntSupplier work) {
        long begin = System.nanoTime();
        long end = times == Long.MAX_VALUE ? begin + seconds * 1_000_000_000L : Long.MAX_VALUE;
        long beginCpu = cpuTime();
        long done = 0;
        for (long i = 0; i < times && System.nanoTime() < end; i++) {
            int last = work.getAsInt();
            if (last == 0) {
                break;
            }
            done += last;
        }
        System.out.printf(
                "%-28s %,12.0f /s %,10.0f µs of CPU each%n",
                name,
                done / ((System.nanoTime() - begin) / 1e9),
                done == 0 ? 0.0 : (cpuTime() - beginCpu) / 1e3 / done);
    }

    /** Prints the size of the file, and of the heap after a garbage collection. */
    private static void space(Path file) throws IOException {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        System.out.printf("%-28s %,12d MB, heap %,d MB%n", "file", Files.size(file) >> 20, heap >> 20);
    }

    /** The CPU time of the whole JVM, with the driver. On a busy machine it is a better measure than the rate. */
    private static long cpuTime() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static Document task(String id, String user) {
        var now = Instant.now();
        return new Document("_id", id)
                .append("user_id", user)
                .append("twitter_user_id", id)
                .append("username", "somebody")
                .append("v", 1)
                .append("status", "pending")
                .append("attempt", 0)
                .append("attempt_limit", 5)
                .append("due_at", now)
                .append("secrets", "x".repeat(300))
                .append("created_at", now)
                .append("updated_at", now)
                .append("history", List.of(new Document("status", "pending").append("at", now)));
    }

    private static Open open(Deque<Open> pending) {
        var open = new Open(
                UUID.randomUUID().toString(),
                "user-" + pending.size() % 1000,
                UUID.randomUUID().toString());
        pending.add(open);
        return open;
    }

    private static int insertOne(MongoCollection<Document> tasks, Deque<Open> pending) {
        var open = open(pending);
        tasks.insertOne(task(open.id(), open.user()));
        return 1;
    }

    private static int insertMany(MongoCollection<Document> tasks, Deque<Open> pending) {
        var batch = new ArrayList<Document>();
        for (int i = 0; i < BATCH; i++) {
            var open = open(pending);
            batch.add(task(open.id(), open.user()));
        }
        tasks.insertMany(batch, new InsertManyOptions().ordered(false));
        return BATCH;
    }

    private static int cycle(MongoCollection<Document> tasks, Deque<Open> pending, Deque<Open> claimed) {
        insertMany(tasks, pending);
        claim(tasks, pending, claimed);
        return finish(tasks, claimed);
    }

    private static int poll(MongoCollection<Document> tasks) {
        tasks.find(Filters.and(
                        Filters.lte("due_at", Instant.now()), Filters.in("status", "pending", "running", "retrying")))
                .sort(Sorts.ascending("due_at"))
                .limit(BATCH)
                .into(new ArrayList<>());
        return 1;
    }

    private static int claim(MongoCollection<Document> tasks, Deque<Open> pending, Deque<Open> claimed) {
        var batch = take(pending);
        if (batch.isEmpty()) {
            return 0;
        }
        var now = Instant.now();
        var writes = new ArrayList<WriteModel<Document>>();
        for (var open : batch) {
            Bson filter = Filters.and(
                    Filters.eq("_id", open.id()),
                    Filters.eq("user_id", open.user()),
                    Filters.eq("attempt", 0),
                    Filters.or(
                            Filters.in("status", "pending", "retrying"),
                            Filters.and(
                                    Filters.eq("status", "challenge_required"),
                                    Filters.exists("challenge.sealed_code"))),
                    Filters.lte("due_at", now));
            writes.add(new UpdateOneModel<>(
                    filter,
                    Updates.combine(
                            Updates.set("status", "running"),
                            Updates.set("attempt", 1),
                            Updates.set("owner", "instance"),
                            Updates.set("slot", open.id()),
                            Updates.set("claim", open.claim()),
                            Updates.set("due_at", now.plusSeconds(60)),
                            Updates.set("lease_until", now.plusSeconds(60)),
                            Updates.set("updated_at", now),
                            Updates.unset("error"),
                            Updates.push("history", new Document("status", "running").append("at", now)))));
        }
        tasks.bulkWrite(writes, new BulkWriteOptions().ordered(false));
        tasks.find(Filters.and(
                        Filters.in("_id", batch.stream().map(Open::id).toList()),
                        Filters.in("user_id", batch.stream().map(Open::user).toList())))
                .into(new ArrayList<>());
        claimed.addAll(batch);
        return batch.size();
    }

    private static int finish(MongoCollection<Document> tasks, Deque<Open> claimed) {
        var batch = take(claimed);
        if (batch.isEmpty()) {
            return 0;
        }
        var now = Instant.now();
        var writes = new ArrayList<WriteModel<Document>>();
        for (var open : batch) {
            Bson filter = Filters.and(
                    Filters.eq("_id", open.id()),
                    Filters.eq("user_id", open.user()),
                    Filters.eq("status", "running"),
                    Filters.eq("attempt", 1),
                    Filters.eq("claim", open.claim()));
            writes.add(new UpdateOneModel<>(
                    filter,
                    Updates.combine(
                            Updates.set("status", "completed"),
                            Updates.set("completed_at", now),
                            Updates.set("updated_at", now),
                            Updates.push("history", new Document("status", "completed").append("at", now)),
                            Updates.unset("due_at"),
                            Updates.unset("slot"),
                            Updates.unset("claim"),
                            Updates.unset("owner"),
                            Updates.unset("lease_until"),
                            Updates.unset("secrets"))));
        }
        tasks.bulkWrite(writes, new BulkWriteOptions().ordered(false));
        return batch.size();
    }

    private static List<Open> take(Deque<Open> from) {
        var batch = new ArrayList<Open>();
        while (batch.size() < BATCH && !from.isEmpty()) {
            batch.add(from.remove());
        }
        return batch;
    }
}
