package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.BasicQuery;
import org.springframework.data.mongodb.core.query.Update;
import tools.jackson.databind.JsonNode;

/** Logins that need a code. */
@ResourceServerTest
class ChallengeTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Api api;
    private final MongoOperations mongo;

    @Autowired
    ChallengeTest(Api api, MongoOperations mongo) {
        this.api = api;
        this.mongo = mongo;
    }

    @Test
    void theRightCodeContinuesTheLogin() {
        Caller user = api.asNewUser();
        String taskId = user.submit("challenge_me");

        JsonNode asked = awaitChallenge(user, taskId);
        var answered = answer(user, taskId, "123456");
        JsonNode task = user.awaitFinal(taskId);

        assertThat(asked.path("challenge").path("kind").asString()).isEqualTo("email");
        assertThat(Instant.parse(asked.path("challenge").path("expires_at").asString()))
                .isAfter(Instant.now().plus(Duration.ofMinutes(9)));
        assertThat(answered.status()).isEqualTo(202);
        assertThat(answered.header("Location")).isEqualTo("/tasks/" + taskId);
        assertThat(task.path("status").asString()).isEqualTo("success");
        assertThat(task.has("challenge")).isFalse();
        assertThat(steps(task)).containsExactly("pending", "running", "challenge_required", "running", "success");
    }

    @Test
    void theLoginFailsAfterThreeWrongCodes() {
        Caller user = api.asNewUser();
        String taskId = user.submit("challenge_me");

        for (int wrong = 1; wrong <= 3; wrong++) {
            awaitChallenge(user, taskId);
            assertThat(answer(user, taskId, "00000" + wrong).status()).isEqualTo(202);
        }
        JsonNode task = user.awaitFinal(taskId);

        assertThat(task.path("status").asString()).isEqualTo("failure");
        assertThat(task.path("error").path("code").asString()).isEqualTo("challenge_failed");
        answer(user, taskId, "123456").isProblem(409, "conflict");
    }

    @Test
    void aRightCodeAfterAWrongOneSucceeds() {
        Caller user = api.asNewUser();
        String taskId = user.submit("challenge_me");
        awaitChallenge(user, taskId);

        answer(user, taskId, "000000");
        awaitChallenge(user, taskId);
        answer(user, taskId, "123456");

        assertThat(user.awaitFinal(taskId).path("status").asString()).isEqualTo("success");
    }

    @Test
    void theLoginFailsAtTheDeadline() {
        Caller user = api.asNewUser();
        String taskId = user.submit("challenge_me");
        awaitChallenge(user, taskId);

        Date past = Date.from(Instant.now().minusSeconds(1));
        Update over = Update.update("challenge.expires_at", past).set("due_at", past);
        mongo.updateFirst(new BasicQuery(new Document("_id", taskId)), over, "task_statuses");
        answer(user, taskId, "123456").isProblem(409, "conflict");

        assertThat(user.awaitFinal(taskId).path("error").path("code").asString())
                .isEqualTo("challenge_expired");
    }

    @Test
    void onlyOneOfManyConcurrentCodesIsAccepted() {
        Caller user = api.asNewUser();
        String taskId = user.submit("challenge_me");
        awaitChallenge(user, taskId);

        List<Integer> statuses = IntStream.range(0, 8)
                .parallel()
                .mapToObj(i -> answer(user, taskId, "123456").status())
                .toList();

        assertThat(statuses).containsOnlyOnce(202).contains(409);
        assertThat(user.awaitFinal(taskId).path("status").asString()).isEqualTo("success");
    }

    @Test
    void aCodeForATaskWithoutChallengeIsRefused() {
        Caller user = api.asNewUser();
        String taskId = user.submit("fine");
        user.awaitFinal(taskId);

        answer(user, taskId, "123456").isProblem(409, "conflict");
    }

    @Test
    void anotherUserMayNotAnswer() {
        Caller user = api.asNewUser();
        String taskId = user.submit("challenge_me");
        awaitChallenge(user, taskId);

        answer(api.asNewUser(), taskId, "123456").isProblem(404, "not-found");
    }

    @Test
    void theCodeIsNotStoredInClearText() {
        Caller user = api.asNewUser();
        String taskId = user.submit("challenge_me");
        awaitChallenge(user, taskId);
        assertThat(answer(user, taskId, "SECRET77").status()).isEqualTo(202);

        Document stored = Objects.requireNonNull(
                mongo.findOne(new BasicQuery(new Document("_id", taskId)), Document.class, "task_statuses"));
        assertThat(stored.toJson()).doesNotContain("SECRET77", "simulated");
        assertThat(user.get("/tasks/" + taskId).raw().body()).doesNotContain("SECRET77", "sealed");
    }

    private static Api.Answer answer(Caller user, String taskId, String code) {
        return user.post("/tasks/" + taskId + "/challenge", "{\"code\": \"%s\"}".formatted(code));
    }

    private static JsonNode awaitChallenge(Caller user, String taskId) {
        return await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> user.get("/tasks/" + taskId).body(), task -> task.has("challenge"));
    }

    private static List<String> steps(JsonNode task) {
        return task.path("history")
                .valueStream()
                .map(step -> step.path("status").asString())
                .toList();
    }
}
