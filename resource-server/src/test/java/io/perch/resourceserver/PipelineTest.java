package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Caller;
import io.perch.resourceserver.task.DueTask;
import io.perch.resourceserver.task.Task;
import io.perch.resourceserver.task.TaskClaims;
import io.perch.resourceserver.task.TaskClaims.Claim;
import io.perch.resourceserver.task.TaskError;
import io.perch.resourceserver.task.TaskOutcomes;
import io.perch.resourceserver.task.TaskResult;
import io.perch.resourceserver.task.TaskResults;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.MessageListenerContainer;
import tools.jackson.databind.JsonNode;

@ResourceServerTest
class PipelineTest {

    private static final String TOPIC = "twitter_login_requests";
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Api api;
    private final MongoOperations mongo;
    private final TaskClaims claims;
    private final TaskResults results;
    private final TaskOutcomes outcomes;
    private final KafkaTemplate<String, byte[]> kafka;
    private final String broker;
    private final MessageListenerContainer logins;

    @Autowired
    PipelineTest(
            Api api,
            MongoOperations mongo,
            TaskClaims claims,
            TaskResults results,
            TaskOutcomes outcomes,
            KafkaTemplate<String, byte[]> kafka,
            KafkaListenerEndpointRegistry listeners,
            @Value("${KAFKA_BROKER_URL}") String broker) {
        this.api = api;
        this.mongo = mongo;
        this.claims = claims;
        this.results = results;
        this.outcomes = outcomes;
        this.kafka = kafka;
        this.broker = broker;
        this.logins = Objects.requireNonNull(listeners.getListenerContainer("twitter-logins"));
    }

    @Test
    void aRecordPublishedFiveTimesRunsOnce() {
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
    void unreadableRecordsAreSetAsideAndOthersAreProcessed() {
        String poison = "poison-" + UUID.randomUUID();
        awaitPartitions();
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

        await().atMost(TIMEOUT).untilAsserted(() -> {
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
    void anUnreadableRecordOfTheLargestSizeDoesNotStopItsPartition() {
        String poison = "poison-" + UUID.randomUUID();
        awaitPartitions();
        kafka.send(TOPIC, 0, "key", new byte[KafkaRecords.LARGEST]).join();
        kafka.send(TOPIC, 0, "key", poison.getBytes(StandardCharsets.UTF_8)).join();

        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(KafkaRecords.all(broker, TOPIC + ".DLT"))
                .filteredOn(record -> record.value().contains(poison))
                .hasSize(1));
    }

    @Test
    void anEventOfAnEarlierVersionDoesNotStopALogin() {
        Caller user = api.asNewUser();
        String taskId = user.submit("slow_one");
        String late = "{\"tasks\":[{\"task_id\":\"%s\",\"user_id\":\"%s\",\"version\":1,\"status\":\"failure\"}]}"
                .formatted(taskId, user.subject());
        user.awaitStatus(taskId, "running");

        kafka.send("task-events", late.getBytes(StandardCharsets.UTF_8)).join();
        kafka.send("task-events", "no event".getBytes(StandardCharsets.UTF_8)).join();

        JsonNode task = user.awaitFinal(taskId);
        assertThat(task.path("status").asString()).isEqualTo("success");
        assertThat(task.path("attempts").asInt()).isEqualTo(1);
    }

    @Test
    void aRecordOfAnUnknownTaskIsDropped() {
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
    void aTaskOfACrashedInstanceIsTakenOverWhenItsLeaseExpires() {
        Caller user = api.asNewUser();
        String orphan = insertCopy(user, "running", 1, Instant.now().minusSeconds(1));

        JsonNode task = user.awaitFinal(orphan);

        assertThat(task.path("status").asString()).isEqualTo("success");
        assertThat(task.path("attempts").asInt()).isEqualTo(2);
    }

    @Test
    void onlyOneOfManyClaimsSucceeds() throws Exception {
        Caller user = api.asNewUser();
        DueTask due = due(insertCopy(user, "pending", 0, Instant.now().plusSeconds(600)), user);
        int contenders = 32;
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService executor = Executors.newFixedThreadPool(contenders);
        try {
            List<Future<Claim>> claims = IntStream.range(0, contenders)
                    .mapToObj(i -> executor.submit(() -> {
                        start.await();
                        return claim(due, "instance-" + i);
                    }))
                    .toList();
            start.countDown();
            int won = 0;
            for (Future<Claim> claim : claims) {
                won += claim.get().tasks().size();
            }
            assertThat(won).isEqualTo(1);
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void theResultOfAnAttemptWithAnExpiredLeaseIsDropped() {
        Caller user = api.asNewUser();
        String taskId = insertCopy(user, "pending", 0, Instant.now().plusSeconds(600));
        Task first = claim(due(taskId, user), "first").tasks().get(0).task();
        mongo.updateFirst(byId(taskId), leaseUntil(Instant.now().minusSeconds(1)), "task_statuses");
        JsonNode done = user.awaitFinal(taskId);
        assertThat(done.path("attempts").asInt()).isEqualTo(2);

        TaskError late = new TaskError("late", "too late", false);
        assertThat(results.write(List.of(new TaskResult(first, outcomes.fail(late)))))
                .isEmpty();
        assertThat(user.get("/tasks/" + taskId).body()).isEqualTo(done);
    }

    @Test
    void aSecondTaskOfAnAccountRunsAfterTheFirst() {
        Caller user = api.asNewUser();
        String first = user.submit("slow_one");
        user.awaitStatus(first, "running");
        String second = user.submit("SLOW_one");

        JsonNode one = user.awaitFinal(first);
        JsonNode two = user.awaitFinal(second);

        Instant ended = Instant.parse(one.path("completed_at").asString());
        Instant begun = Instant.parse(two.path("history").get(1).path("at").asString());
        assertThat(begun).isAfterOrEqualTo(ended);
        assertThat(Duration.between(ended, begun)).isLessThan(Duration.ofSeconds(1));
        assertThat(two.path("attempts").asInt()).isEqualTo(1);
    }

    @Test
    void anUnreadableDocumentIsSetAsideAndOthersAreProcessed() {
        Caller user = api.asNewUser();
        String broken = insertCopy(user, "pending", 0, Instant.now().plusSeconds(600));
        mongo.updateFirst(
                byId(broken),
                Update.update("attempt", "many").set("due_at", Date.from(Instant.EPOCH)),
                "task_statuses");
        String newer = insertCopy(user, "dreaming", 0, Instant.EPOCH);

        assertThat(user.awaitFinal(user.submit("after")).path("status").asString())
                .isEqualTo("success");
        await().atMost(TIMEOUT).until(() -> !document(broken).containsKey("due_at"));
        assertThat(document(broken)).containsEntry("unreadable", true);
        assertThat(document(newer)).containsKey("due_at").containsEntry("status", "dreaming");
        assertThat(user.get("/tasks").status()).isEqualTo(200);
        assertThat(api.asNewUser("user", "moderator").get("/admin/tasks").status())
                .isEqualTo(200);
        mongo.remove(byId(newer), "task_statuses");
    }

    @Test
    void aTaskOfADeletedAccountFails() {
        Caller user = api.asNewUser();
        String taskId = insertCopy(user, "pending", 0, Instant.now().plusSeconds(600));
        String account =
                user.get("/tasks/" + taskId).body().path("twitter_account_id").asString();
        assertThat(user.delete("/twitter-accounts/" + account).status()).isEqualTo(204);

        publish(account, record(taskId, user.subject(), account));

        assertThat(user.awaitFinal(taskId).path("error").path("code").asString())
                .isEqualTo("account_deleted");
    }

    /** Inserts a task with an existing account, without a record in Kafka. */
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

    private Claim claim(DueTask due, String instance) {
        return claims.claim(List.of(due), Set.of(due.key()), instance);
    }

    private DueTask due(String taskId, Caller user) {
        return DueTask.waiting(taskId, user.subject(), document(taskId).getString("twitter_user_id"), 0);
    }

    private Document document(String taskId) {
        return Objects.requireNonNull(mongo.findOne(byId(taskId), Document.class, "task_statuses"));
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

    /** A new group starts at the end of the topic, so earlier records are not read. */
    private void awaitPartitions() {
        await().atMost(TIMEOUT)
                .until(() -> Objects.requireNonNullElse(logins.getAssignedPartitions(), List.of())
                                .size()
                        == 3);
    }
}
