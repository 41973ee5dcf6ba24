package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bson.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.BasicQuery;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Moderators list, count, retry and cancel tasks of all users, one by one or all that match. */
@ResourceServerTest
@TestPropertySource(
        properties = {
            "perch.rate-limit.routes.twitter-login.requests=1000000",
            "perch.operation.interval=100ms",
            "perch.operation.tasks-per-second=2",
            "perch.operation.clean-interval=1s",
            "perch.operation.keep=20s"
        })
class ModerationTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Api api;
    private final KeycloakEvents keycloak;
    private final MongoOperations mongo;
    private Caller user;
    private Caller moderator;

    @Autowired
    ModerationTest(Api api, KafkaTemplate<String, byte[]> kafka, MongoOperations mongo) {
        this.api = api;
        this.mongo = mongo;
        this.keycloak = new KeycloakEvents(kafka);
        this.user = api.asNewUser();
        this.moderator = user;
    }

    @BeforeEach
    void newUsers() {
        user = api.asNewUser();
        moderator = api.asNewUser("user", "moderator");
    }

    @Test
    void listsAreFilteredByStateAccountErrorAndTime() {
        String wrong = user.submit("wrong_one");
        String fine = user.submit("Fine_One");
        String open = user.submit("challenge_one");
        user.awaitFinal(wrong);
        user.awaitFinal(fine);
        user.awaitStatus(open, "challenge_required");
        String created = user.get("/tasks/" + fine).body().path("created_at").asString();

        assertThat(ids(user.get("/tasks?status=failure&status=success"))).containsExactly(fine, wrong);
        assertThat(ids(user.get("/tasks?account=fine_one"))).containsExactly(fine);
        assertThat(ids(user.get("/tasks?error=wrong_credentials"))).containsExactly(wrong);
        assertThat(ids(user.get("/tasks?from=" + created))).containsExactly(open, fine);
        assertThat(ids(user.get("/tasks?to=" + created))).containsExactly(wrong);
        assertThat(ids(moderator.get("/admin/tasks?account=Fine_One&user_id=" + user.subject())))
                .containsExactly(fine);
        assertThat(ids(moderator.get("/admin/tasks?error=wrong_credentials&status=failure&user=" + user.subject())))
                .containsExactly(wrong);
        assertThat(ids(moderator.get("/admin/tasks?account=Fine_One"))).contains(fine);
        user.get("/tasks?status=failure&status=no_such").isProblem(400, "invalid-request");
        user.get("/tasks?from=yesterday").isProblem(400, "invalid-request");
        user.get("/tasks?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z").isProblem(400, "invalid-request");
        moderator.get("/admin/tasks?user=a&user_id=b").isProblem(400, "invalid-request");
    }

    @Test
    void aTimeThatRfc3339CannotWriteIsRefused() {
        for (String time :
                List.of("%2B1000000000-12-31T23:59:59Z", "%2B10000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z")) {
            for (String limit : List.of("from=", "to=")) {
                user.get("/tasks?" + limit + time).isProblem(400, "invalid-request");
                moderator.get("/admin/tasks?" + limit + time).isProblem(400, "invalid-request");
                moderator.get("/admin/tasks/count?" + limit + time).isProblem(400, "invalid-request");
                moderator.get("/admin/tasks/buckets?" + limit + time).isProblem(400, "invalid-request");
            }
        }
        moderator
                .post(
                        "/admin/task-operations",
                        "{\"action\": \"retry\", \"filter\": {}, \"as_of\": \"+1000000000-12-31T23:59:59Z\"}")
                .isProblem(400, "invalid-request");
        moderator
                .post(
                        "/admin/task-operations",
                        "{\"action\": \"retry\", \"filter\": {\"from\": \"+1000000000-12-31T23:59:59Z\"}}")
                .isProblem(400, "invalid-request");
        assertThat(ids(user.get("/tasks?from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59Z")))
                .isEmpty();
    }

    @Test
    void tasksAreFoundByTheNameOfTheirOwner() {
        String name = "owner-" + user.subject().substring(0, 8);
        keycloak.send(keycloak.stateEvent("registered", user.subject(), name));
        String taskId = user.submit("fine");
        user.awaitFinal(taskId);

        await().atMost(TIMEOUT)
                .until(() -> ids(moderator.get("/admin/tasks?user=" + name)).equals(List.of(taskId)));
        JsonNode shown = moderator.get("/admin/tasks/" + taskId).body();

        assertThat(shown.path("owner_username").asString()).isEqualTo(name);
        assertThat(shown.path("user_id").asString()).isEqualTo(user.subject());
        assertThat(ids(moderator.get("/admin/tasks?user=" + encoded(name.toUpperCase(Locale.ROOT)))))
                .containsExactly(taskId);
        moderator.get("/admin/tasks/no-such-task").isProblem(404, "not-found");
        user.get("/admin/tasks/" + taskId).isProblem(403, "forbidden");
    }

    @Test
    void aModeratorCancelsAnOpenTask() {
        String taskId = user.submit("challenge_two");
        user.awaitStatus(taskId, "challenge_required");

        user.delete("/admin/tasks/" + taskId).isProblem(403, "forbidden");
        assertThat(moderator.delete("/admin/tasks/" + taskId).status()).isEqualTo(204);

        JsonNode task = user.awaitFinal(taskId);
        assertThat(task.path("status").asString()).isEqualTo("cancelled");
        JsonNode history = task.path("history");
        assertThat(history.get(history.size() - 1).path("detail").asString()).isEqualTo("by_moderator");
        assertThat(moderator.delete("/admin/tasks/" + taskId).status()).isEqualTo(204);
        String ended = user.submit("fine");
        user.awaitFinal(ended);
        moderator.delete("/admin/tasks/" + ended).isProblem(409, "conflict");
    }

    @Test
    void matchesAreCountedInTotalAndByPeriod() {
        user.awaitFinal(user.submit("wrong_one"));
        user.awaitFinal(user.submit("wrong_one"));
        user.awaitFinal(user.submit("wrong_two"));
        user.awaitFinal(user.submit("fine"));
        String own = "user_id=" + user.subject();

        JsonNode count =
                moderator.get("/admin/tasks/count?status=failure&" + own).body();
        JsonNode buckets = moderator
                .get("/admin/tasks/buckets?by=completed&width=5m&" + own)
                .body()
                .path("items");

        assertThat(count.path("count").asInt()).isEqualTo(3);
        assertThat(count.path("capped").asBoolean(true)).isFalse();
        assertThat(count.path("accounts").asInt()).isEqualTo(2);
        assertThat(count.path("retryable").asInt()).isZero();
        assertThat(count.path("by_error").path("wrong_credentials").asInt()).isEqualTo(3);
        assertThat(Instant.parse(count.path("as_of").asString())).isBeforeOrEqualTo(Instant.now());
        assertThat(buckets).hasSize(72);
        assertThat(sum(buckets, "failure")).isEqualTo(3);
        assertThat(sum(buckets, "success")).isEqualTo(1);
        assertThat(moderator.get("/admin/tasks/buckets?" + own).status()).isEqualTo(200);
        moderator.get("/admin/tasks/buckets?width=1ms").isProblem(400, "invalid-request");
        moderator.get("/admin/tasks/buckets?width=200000000000000d").isProblem(400, "invalid-request");
        moderator.get("/admin/tasks/buckets?width=-1h").isProblem(400, "invalid-request");
        moderator.get("/admin/tasks/buckets?by=time").isProblem(400, "invalid-request");
        user.get("/admin/tasks/count").isProblem(403, "forbidden");
    }

    @Test
    void allMatchesAreRetriedOnce() {
        List<String> failed = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            failed.add(user.submit("wrong_" + i));
        }
        failed.forEach(user::awaitFinal);
        String fine = user.submit("fine");
        user.awaitFinal(fine);

        JsonNode operation = begin(operation("retry", "", 5));
        JsonNode ended = awaitEnd(operation);

        assertThat(operation.path("matched").asInt()).isEqualTo(5);
        assertThat(operation.path("actor_id").asString()).isEqualTo(moderator.subject());
        assertThat(ended.path("state").asString()).isEqualTo("done");
        assertThat(ended.path("done").asInt()).isEqualTo(5);
        assertThat(ended.path("refused")).isEmpty();
        failed.forEach(task -> await().atMost(TIMEOUT).untilAsserted(() -> assertThat(
                        user.get("/tasks/" + task).body().path("attempts").asInt())
                .isEqualTo(2)));
        assertThat(user.get("/tasks/" + fine).body().path("attempts").asInt()).isEqualTo(1);
        Caller administrator = api.asNewUser("user", "admin");
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(administrator
                        .get("/admin/audit?action=task.retried&actor_id=" + moderator.subject())
                        .body()
                        .path("items"))
                .hasSize(5));
        assertThat(moderator
                        .get("/admin/task-operations?limit=1")
                        .body()
                        .path("items")
                        .get(0)
                        .path("operation_id")
                        .asString())
                .isEqualTo(operation.path("operation_id").asString());
    }

    @Test
    void noAddressOfADeletedModeratorIsLeft() {
        for (int i = 0; i < 6; i++) {
            user.awaitFinal(user.submit("wrong_" + i));
        }
        Caller other = api.asNewUser("user", "moderator", "admin");
        JsonNode operation = begin(operation("retry", "", 6));
        keycloak.send(keycloak.event("deleted", moderator.subject()));
        await().atMost(TIMEOUT)
                .until(() -> mongo.exists(
                        new BasicQuery(new Document("_id", moderator.subject())
                                .append("erased_at", new Document("$exists", true))),
                        "users"));

        await().atMost(TIMEOUT).until(() -> other.get("/admin/task-operations/"
                        + operation.path("operation_id").asString())
                .body()
                .has("ended_at"));

        String acts = "/admin/audit?limit=100&actor_id=" + moderator.subject();
        await().atMost(TIMEOUT)
                .until(() -> other.get(acts + "&action=task.retried")
                                .body()
                                .path("items")
                                .size()
                        == 6);
        assertThat(other.get(acts).body().path("items"))
                .hasSizeGreaterThan(6)
                .allSatisfy(line ->
                        assertThat(line.has("ip_address")).as(line.toString()).isFalse());
        assertThat(mongo.find(
                        new BasicQuery(new Document(
                                "_id", operation.path("operation_id").asString())),
                        Document.class,
                        "task_operations"))
                .singleElement()
                .satisfies(stored -> assertThat(stored.toJson())
                        .contains(moderator.subject())
                        .doesNotContain("ip_address"));
    }

    @Test
    void anOperationIsDeletedSomeTimeAfterItsEnd() {
        user.awaitFinal(user.submit("wrong_one"));
        JsonNode ended = awaitEnd(begin(operation("retry", "", 1)));
        String path = "/admin/task-operations/" + ended.path("operation_id").asString();

        await().atMost(Duration.ofMinutes(1)).until(() -> moderator.get(path).status() == 404);
    }

    @Test
    void tasksThatAreNotRetryableCanBeExcluded() {
        user.awaitFinal(user.submit("wrong_one"));

        JsonNode ended = awaitEnd(begin(operation("retry", "\"retryable_only\": true,", 1)));

        assertThat(ended.path("done").asInt()).isZero();
        assertThat(ended.path("refused").get(0).path("code").asString()).isEqualTo("not_retryable");
        assertThat(ended.path("refused").get(0).path("count").asInt()).isEqualTo(1);
    }

    @Test
    void allMatchesAreCancelled() {
        String first = user.submit("challenge_one");
        String second = user.submit("challenge_two");
        user.awaitStatus(first, "challenge_required");
        user.awaitStatus(second, "challenge_required");

        JsonNode ended = awaitEnd(begin(operation("cancel", "", 2)));

        assertThat(ended.path("done").asInt()).isEqualTo(2);
        assertThat(user.awaitFinal(first).path("status").asString()).isEqualTo("cancelled");
        assertThat(user.awaitFinal(second).path("status").asString()).isEqualTo("cancelled");
    }

    @Test
    void aStoppedOperationChangesNoMoreTasks() {
        List<String> failed = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            failed.add(user.submit("wrong_" + i));
        }
        failed.forEach(user::awaitFinal);

        JsonNode operation = begin(operation("retry", "", 12));
        String path = "/admin/task-operations/" + operation.path("operation_id").asString();
        assertThat(moderator.delete(path).status()).isEqualTo(204);
        assertThat(moderator.delete(path).status()).isEqualTo(204);

        JsonNode stopped = moderator.get(path).body();
        assertThat(stopped.path("state").asString()).isEqualTo("stopped");
        assertThat(stopped.has("ended_at")).isTrue();
        await().during(Duration.ofSeconds(2))
                .atMost(TIMEOUT)
                .until(() -> moderator.get(path).body().equals(stopped));
        assertThat(stopped.path("done").asInt()).isLessThan(12);
    }

    @Test
    void anInvalidOperationIsRefused() {
        user.awaitFinal(user.submit("wrong_one"));

        moderator.post("/admin/task-operations", operation("retry", "", 0)).isProblem(409, "conflict");
        moderator.post("/admin/task-operations", operation("destroy", "", 1)).isProblem(400, "invalid-request");
        moderator
                .post("/admin/task-operations", "{\"action\": \"retry\", \"filter\": {\"status\": [\"success\"]}}")
                .isProblem(400, "invalid-request");
        moderator
                .post("/admin/task-operations", "{\"action\": \"cancel\", \"filter\": {\"status\": [\"failure\"]}}")
                .isProblem(400, "invalid-request");
        moderator.post("/admin/task-operations", "{\"action\": \"retry\"}").isProblem(400, "invalid-request");
        user.post("/admin/task-operations", operation("retry", "", 1)).isProblem(403, "forbidden");
        user.get("/admin/task-operations").isProblem(403, "forbidden");
        moderator.get("/admin/task-operations/no-such").isProblem(404, "not-found");
        moderator.delete("/admin/task-operations/no-such").isProblem(404, "not-found");
    }

    /** A misspelt condition must not mean all tasks of all users. */
    @Test
    void anOperationWithAnUnknownFieldIsRefused() {
        String taskId = user.submit("challenge_one");
        user.awaitStatus(taskId, "challenge_required");
        String misspelt =
                "{\"action\": \"cancel\", \"expected\": 0, \"filter\": {\"userid\": \"%s\"}}".formatted(user.subject());
        String more = operation("cancel", "\"dry_run\": true,", 0);

        Answer filter = moderator.post("/admin/task-operations", misspelt);
        Answer request = moderator.post("/admin/task-operations", more);

        filter.isProblem(400, "invalid-request");
        assertThat(filter.body().at("/errors/0/pointer").asString()).isEqualTo("#/filter/userid");
        request.isProblem(400, "invalid-request");
        assertThat(request.body().at("/errors/0/pointer").asString()).isEqualTo("#/dry_run");
        assertThat(user.get("/tasks/" + taskId).body().path("status").asString())
                .isEqualTo("challenge_required");
    }

    private String operation(String action, String more, int expected) {
        return """
                {"action": "%s", %s "expected": %d, "filter": {"user_id": "%s"}}
                """.formatted(action, more, expected, user.subject());
    }

    private JsonNode begin(String request) {
        Answer answer = moderator.post("/admin/task-operations", request);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
        assertThat(answer.header("Location"))
                .endsWith(answer.body().path("operation_id").asString());
        return answer.body();
    }

    private JsonNode awaitEnd(JsonNode operation) {
        String path = "/admin/task-operations/" + operation.path("operation_id").asString();
        await().atMost(TIMEOUT).until(() -> moderator.get(path).body().has("ended_at"));
        return moderator.get(path).body();
    }

    private static int sum(JsonNode buckets, String status) {
        return buckets.valueStream()
                .mapToInt(bucket -> bucket.path("by_status").path(status).asInt(0))
                .sum();
    }

    private static List<String> ids(Answer page) {
        assertThat(page.status()).as(page.raw().body()).isEqualTo(200);
        return page.body()
                .path("items")
                .valueStream()
                .map(task -> task.path("task_id").asString())
                .toList();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
