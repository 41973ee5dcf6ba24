package io.perch.resourceserver.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.perch.resourceserver.mongo.DatabaseTime;
import io.perch.resourceserver.task.TaskStatistics.Statistics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.MongoTemplate;

/** Counts of all tasks, for moderators. */
class TaskStatisticsTest {

    private static final int CALLERS = 20;

    private final AtomicInteger counts = new AtomicInteger();
    private final MongoServer server = new MongoServer(new MemoryBackend());
    private final MongoClient client;
    private final MongoOperations mongo;

    TaskStatisticsTest() {
        server.bind("127.0.0.1", 0);
        CommandListener listener = new CommandListener() {
            @Override
            public void commandStarted(CommandStartedEvent event) {
                if (event.getCommandName().equals("aggregate")) {
                    counts.incrementAndGet();
                }
            }
        };
        client = MongoClients.create(MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(
                        "mongodb://127.0.0.1:" + server.getLocalAddress().getPort() + "/?serverSelectionTimeoutMS=500"))
                .addCommandListener(listener)
                .build());
        mongo = new MongoTemplate(client, "statistics");
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdownNow();
    }

    @Test
    void concurrentCallersShareOneComputation() throws Exception {
        insert(TaskStatus.SUCCESS, 3);
        TaskStatistics statistics = statistics(100);

        Set<Statistics> answers = new HashSet<>();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Statistics>> calls = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                calls.add(callers.submit(() -> {
                    start.await();
                    return statistics.read();
                }));
            }
            start.countDown();
            for (Future<Statistics> call : calls) {
                answers.add(call.get());
            }
        } finally {
            callers.shutdownNow();
        }

        assertThat(answers).hasSize(1);
        assertThat(counts).hasValueLessThanOrEqualTo(TaskStatus.values().length);
    }

    @Test
    void newTasksAreCountedAfterSomeSeconds() {
        TaskStatistics statistics = statistics(100);
        assertThat(statistics.read().total()).isZero();

        insert(TaskStatus.FAILURE, 2);

        await().atMost(Duration.ofSeconds(10)).until(() -> statistics.read().total() == 2);
    }

    @Test
    void finalTasksAreCountedUpToALimitAndOpenOnesExactly() {
        insert(TaskStatus.SUCCESS, 25);
        insert(TaskStatus.FAILURE, 10);
        insert(TaskStatus.PENDING, 12);

        Statistics counted = statistics(10).read();

        assertThat(counted.byStatus())
                .containsEntry(TaskStatus.SUCCESS, 10L)
                .containsEntry(TaskStatus.FAILURE, 10L)
                .containsEntry(TaskStatus.CANCELLED, 0L)
                .containsEntry(TaskStatus.PENDING, 12L);
        assertThat(counted.capped()).containsExactly(TaskStatus.SUCCESS);
        assertThat(counted.total()).isEqualTo(47);
    }

    @Test
    void whileTheDatabaseIsUnavailableOneCallerWaitsForIt() {
        TaskStatistics statistics = statistics(100);
        server.shutdownNow();

        assertThatThrownBy(statistics::read).isInstanceOf(DataAccessException.class);
        long started = System.nanoTime();
        assertThatThrownBy(statistics::read).isInstanceOf(DataAccessException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMillis(250));
    }

    private TaskStatistics statistics(int limit) {
        return new TaskStatistics(new TaskQueries(new TaskCollection(mongo)), new DatabaseTime(mongo), limit);
    }

    private void insert(TaskStatus status, int number) {
        for (int i = 0; i < number; i++) {
            mongo.insert(
                    new Document("_id", status + "-" + i)
                            .append("status", status.wireName())
                            .append("created_at", Date.from(Instant.now())),
                    TaskCollection.NAME);
        }
    }
}
