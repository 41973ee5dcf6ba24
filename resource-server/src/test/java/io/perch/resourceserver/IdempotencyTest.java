package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.BasicQuery;
import org.springframework.data.mongodb.core.query.Update;

/** Repeated requests with the same idempotency key. */
@ResourceServerTest
class IdempotencyTest {

    private final Api api;
    private final MongoOperations mongo;

    @Autowired
    IdempotencyTest(Api api, MongoOperations mongo) {
        this.api = api;
        this.mongo = mongo;
    }

    @Test
    void repeatedRequestsReturnTheSameTask() {
        Caller user = api.asNewUser();
        String key = UUID.randomUUID().toString();

        Set<String> tasks = IntStream.range(0, 12)
                .parallel()
                .mapToObj(i -> taskOf(submit(user, key, "once")))
                .collect(Collectors.toSet());

        assertThat(tasks).hasSize(1);
        assertThat(user.get("/tasks").body().path("items")).hasSize(1);
    }

    @Test
    void theKeyMayBeQuoted() {
        Caller user = api.asNewUser();

        assertThat(taskOf(submit(user, "\"k-1\"", "once"))).isEqualTo(taskOf(submit(user, "k-1", "once")));
    }

    @Test
    void anotherRequestWithTheSameKeyIsRefused() {
        Caller user = api.asNewUser();
        taskOf(submit(user, "k-1", "first"));

        submit(user, "k-1", "second").isProblem(422, "idempotency-key-reused");

        assertThat(user.get("/twitter-accounts").body().path("items")).hasSize(1);
        assertThat(user.get("/tasks").body().path("items")).hasSize(1);
    }

    @Test
    void keysOfDifferentUsersAreIndependent() {
        assertThat(taskOf(submit(api.asNewUser(), "k-1", "same")))
                .isNotEqualTo(taskOf(submit(api.asNewUser(), "k-1", "same")));
    }

    @Test
    void aKeyExpiresAfterADay() {
        Caller user = api.asNewUser();
        String first = taskOf(submit(user, "k-1", "first"));
        Instant yesterday = Instant.now().minus(Duration.ofHours(24)).minusSeconds(1);
        mongo.updateFirst(
                new BasicQuery(new Document("_id", first)),
                Update.update("created_at", Date.from(yesterday)),
                "task_statuses");

        String second = taskOf(submit(user, "k-1", "second"));

        assertThat(second).isNotEqualTo(first);
        assertThat(taskOf(submit(user, "k-1", "second"))).isEqualTo(second);
    }

    @Test
    void theFingerprintIsDeletedWithTheAccount() {
        Caller user = api.asNewUser();
        String taskId = taskOf(submit(user, "k-1", "first"));
        assertThat(stored(taskId)).containsKey("fingerprint");
        String account =
                user.get("/tasks/" + taskId).body().path("twitter_account_id").asString();

        assertThat(user.delete("/twitter-accounts/" + account).status()).isEqualTo(204);

        assertThat(stored(taskId)).doesNotContainKey("fingerprint");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\"\"", "with blank", "\"half", "a\\b"})
    void anInvalidKeyIsRefused(String key) {
        submit(api.asNewUser(), key, "never").isProblem(400, "invalid-request");
    }

    @Test
    void aKeyHasAtMost128Characters() {
        Caller user = api.asNewUser();

        assertThat(submit(user, "k".repeat(128), "fits").status()).isEqualTo(202);
        submit(user, "k".repeat(129), "does_not").isProblem(400, "invalid-request");
    }

    private static Answer submit(Caller user, String key, String username) {
        return user.send(user.request("/twitter-login")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(Api.login(username))));
    }

    private static String taskOf(Answer answer) {
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
        return answer.body().path("task_id").asString();
    }

    private Document stored(String taskId) {
        return Objects.requireNonNull(
                mongo.findOne(new BasicQuery(new Document("_id", taskId)), Document.class, "task_statuses"));
    }
}
