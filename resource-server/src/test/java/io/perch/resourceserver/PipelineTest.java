package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Caller;
import io.perch.resourceserver.task.Task;
import io.perch.resourceserver.task.TaskError;
import io.perch.resourceserver.task.Tasks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.BasicQuery;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.kafka.core.KafkaTemplate;
import tools.jackson.databind.JsonNode;

@ResourceServerTest
class PipelineTest {

    private static final String TOPIC = "twitter_login_requests";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Api api;
    private final MongoOperations mongo;
    private final Tasks tasks;
    private final KafkaTemplate<String, byte[]> kafka;
    private final String broker;

    @Autowired
    PipelineTest(
            Api api,
            MongoOperations mongo,
            Tasks tasks,
            KafkaTemplate<String, byte[]> kafka,
            @Value("${KAFKA_BROKER_URL}") String broker) {
        this.api = api;
        this.mongo = mongo;
        this.tasks = tasks;
        this.kafka = kafka;
        this.broker = broker;
    }

    @Test
    void aRecordThatComesFiveTimesRunsOnce() {
        Caller user = api.asNewUser();
        String taskId = user.submit("slow_" + 1);
        String account =
                user.get("/tasks/" + taskId).body().path("twitter_account_id").asString();
        for (int i = 0; i < 5; i++) {
            publish(account, record(taskId, user.subject(), account));
        }

        JsonNode task = user.awaitFinal(taskId);
        publish(account, record(taskId, user.subject(), account));
        String marker = user.submit("after");
        user.awaitFinal(marker);

        JsonNode later = user.get("/tasks/" + taskId).body();
        assertThat(later).isEqualTo(task);
        assertThat(later.path("attempts").asInt()).isEqualTo(1);
        assertThat(later.path("history")).hasSize(3);
    }

    @Test
    void whatCannotBeReadIsSetAsideAndStopsNothing() {
        String poison = "poison-" + UUID.randomUUID();
        for (String value : List.of(poison, "{\"task_id\": \"" + poison + "\"}", "[\"" + poison + "\"]")) {
            for (int partition = 0; partition < 3; partition++) {
                kafka.send(TOPIC, partition, "key", value.getBytes(StandardCharsets.UTF_8))
                        .join();
            }
        }
        Caller user = api.asNewUser();
        for (int i = 0; i < 4; i++) {
            assertThat(user.awaitFinal(user.submit("behind_" + i))
                            .path("status")
                            .asString())
                    .isEqualTo("success");
        }

        await().atMost(PATIENCE).untilAsserted(() -> {
            var setAside = KafkaRecords.all(broker, TOPIC + ".DLT").stream()
                    .filter(record -> record.value().contains(poison))
                    .toList();
            assertThat(setAside).hasSize(9);
            assertThat(setAside)
                    .allSatisfy(record -> assertThat(record.headers().lastHeader("kafka_dlt-exception-message"))
                            .isNotNull());
        });
    }

    @Test
    void oldNewsStopNoLogin() {
        Caller user = api.asNewUser();
        String taskId = user.submit("slow_one");
        JsonNode pending = user.get("/tasks/" + taskId).body();
        String late = "{\"user_id\":\"%s\",\"version\":1,\"task\":%s}"
                .formatted(
                        user.subject(),
                        pending.toString().replaceFirst("\"status\":\"\\w+\"", "\"status\":\"failure\""));
        await().atMost(PATIENCE).until(() -> user.get("/tasks/" + taskId)
                .body()
                .path("status")
                .asString()
                .equals("running"));

        kafka.send("task-events", user.subject(), late.getBytes(StandardCharsets.UTF_8))
                .join();
        kafka.send("task-events", user.subject(), "no news".getBytes(StandardCharsets.UTF_8))
                .join();

        JsonNode task = user.awaitFinal(taskId);
        assertThat(task.path("status").asString()).isEqualTo("success");
        assertThat(task.path("attempts").asInt()).isEqualTo(1);
    }

    @Test
    void aRecordOfNoTaskIsDropped() {
        publish("key", record("no-such-task", "nobody", "nothing"));
        Caller user = api.asNewUser();

        assertThat(user.awaitFinal(user.submit("next")).path("status").asString())
                .isEqualTo("success");
    }

    @Test
    void aTaskThatWasNeverPublishedIsFoundAndRun() {
        Caller user = api.asNewUser();
        String lost = insertCopy(user, "pending", 0, Instant.now());

        JsonNode task = user.awaitFinal(lost);

        assertThat(task.path("status").asString()).isEqualTo("success");
        assertThat(task.path("attempts").asInt()).isEqualTo(1);
    }

    @Test
    void aTaskWhoseInstanceDiedIsTakenOverWhenItsLeaseRunsOut() {
        Caller user = api.asNewUser();
        String orphan = insertCopy(user, "running", 1, Instant.now().minusSeconds(1));

        JsonNode task = user.awaitFinal(orphan);

        assertThat(task.path("status").asString()).isEqualTo("success");
        assertThat(task.path("attempts").asInt()).isEqualTo(2);
    }

    @Test
    void ofManyClaimsOneSucceeds() throws Exception {
        Caller user = api.asNewUser();
        String taskId = insertCopy(user, "pending", 0, Instant.now().plusSeconds(600));
        int contenders = 32;
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService executor = Executors.newFixedThreadPool(contenders);
        try {
            List<Future<Optional<Task>>> claims = IntStream.range(0, contenders)
                    .mapToObj(i -> executor.submit(() -> {
                        start.await();
                        return tasks.claim(taskId, "instance-" + i);
                    }))
                    .toList();
            start.countDown();
            int won = 0;
            for (Future<Optional<Task>> claim : claims) {
                won += claim.get().isPresent() ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void theResultOfAnAttemptThatLostItsTaskIsDropped() {
        Caller user = api.asNewUser();
        String taskId = insertCopy(user, "pending", 0, Instant.now().plusSeconds(600));
        Task first = tasks.claim(taskId, "first").orElseThrow();
        mongo.updateFirst(byId(taskId), leaseUntil(Instant.now().minusSeconds(1)), "task_statuses");
        mongo.updateFirst(
                byId(first.twitterUserId()), Update.update("until", Date.from(Instant.EPOCH)), "account_leases");
        // Either this thread or the sweeper's listener takes it over; both are another attempt.
        tasks.claim(taskId, "second").ifPresent(tasks::succeed);
        JsonNode done = user.awaitFinal(taskId);

        TaskError late = new TaskError("late", "too late", false);
        assertThat(tasks.fail(first, late)).isEmpty();
        assertThat(user.get("/tasks/" + taskId).body()).isEqualTo(done);
    }

    @Test
    void aTaskWhoseAccountIsGoneFails() {
        Caller user = api.asNewUser();
        String taskId = insertCopy(user, "pending", 0, Instant.now().plusSeconds(600));
        String account =
                user.get("/tasks/" + taskId).body().path("twitter_account_id").asString();
        assertThat(user.delete("/twitter-accounts/" + account).status()).isEqualTo(204);

        publish(account, record(taskId, user.subject(), account));

        assertThat(user.awaitFinal(taskId).path("error").path("code").asString())
                .isEqualTo("account_deleted");
    }

    /** Puts a task into the database that no record tells of, with an account that is really there. */
    private String insertCopy(Caller user, String status, int attempt, Instant dueAt) {
        String original = user.submit("copied");
        user.awaitFinal(original);
        Document document = Objects.requireNonNull(mongo.findOne(byId(original), Document.class, "task_statuses"));
        String copy = UUID.randomUUID().toString();
        document.append("_id", copy).append("status", status).append("attempt", attempt);
        document.append("due_at", Date.from(dueAt))
                .append("lease_until", Date.from(dueAt))
                .append("history", List.of());
        document.remove("completed_at");
        mongo.insert(document, "task_statuses");
        return copy;
    }

    private void publish(String key, String value) {
        kafka.send(TOPIC, key, value.getBytes(StandardCharsets.UTF_8)).join();
    }

    private static String record(String taskId, String userId, String account) {
        return "{\"task_id\":\"%s\",\"user_id\":\"%s\",\"twitter_user_id\":\"%s\"}".formatted(taskId, userId, account);
    }

    private static BasicQuery byId(String id) {
        return new BasicQuery(new Document("_id", id));
    }

    private static Update leaseUntil(Instant instant) {
        return Update.update("lease_until", Date.from(instant)).set("due_at", Date.from(instant));
    }
}
