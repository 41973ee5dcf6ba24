package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.mongodb.core.MongoOperations;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ResourceServerTest
class TwitterLoginTest {

    private final Api api;
    private final MongoOperations mongo;

    @Autowired
    TwitterLoginTest(Api api, MongoOperations mongo) {
        this.api = api;
        this.mongo = mongo;
    }

    @Test
    void aLoginIsAcceptedAndSucceeds() {
        Caller user = api.asNewUser();

        Answer accepted = user.post("/twitter-login", Api.login("testuser"));

        assertThat(accepted.status()).isEqualTo(202);
        String taskId = accepted.body().path("task_id").asString();
        assertThat(UUID.fromString(taskId)).isNotNull();
        assertThat(accepted.header("Location")).isEqualTo("/tasks/" + taskId);
        JsonNode task = user.awaitFinal(taskId);
        assertThat(task.path("status").asString()).isEqualTo("success");
        assertThat(task.path("attempts").asInt()).isEqualTo(1);
        assertThat(task.path("username").asString()).isEqualTo("testuser");
        assertThat(task.path("created_at").asString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
        assertThat(task.path("history").valueStream().map(step -> step.path("status")
                        .asString()))
                .containsExactly("pending", "running", "success");
        assertThat(task.has("error")).isFalse();
        assertThat(task.has("next_attempt_at")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "wrong_one, wrong_credentials, false",
        "suspended_one, suspended, false",
        "limited_one, rate_limited, true",
    })
    void aFailedLoginHasAReason(String username, String code, boolean retryable) {
        Caller user = api.asNewUser();

        JsonNode task = user.awaitFinal(user.submit(username));

        assertThat(task.path("status").asString()).isEqualTo("failure");
        assertThat(task.path("error").path("code").asString()).isEqualTo(code);
        assertThat(task.path("error").path("message").asString()).isNotBlank();
        assertThat(task.path("error").path("retryable").asBoolean()).isEqualTo(retryable);
    }

    @Test
    void theEmailIsOptional() {
        Caller user = api.asNewUser();

        Answer accepted = user.post(
                "/twitter-login", "{\"username\": \"a\", \"password\": \" \", \"phone_number\": \"+1234567\"}");

        assertThat(accepted.status()).isEqualTo(202);
        JsonNode account = user.get("/twitter-accounts").body().path("items").path(0);
        assertThat(account.has("email")).isFalse();
    }

    @Test
    void theDatabaseHasNoSecretInClearText() {
        Caller user = api.asNewUser();
        user.awaitFinal(user.submit("sealed"));

        for (String collection : mongo.getCollectionNames()) {
            for (Document document : mongo.findAll(Document.class, collection)) {
                assertThat(document.toJson()).doesNotContain("p@ssw0rd!", "+1234567890", "test@example.com");
            }
        }
        Document account = mongo.findOne(
                new org.springframework.data.mongodb.core.query.BasicQuery(new Document("user_id", user.subject())),
                Document.class,
                "twitter_users");
        assertThat(account)
                .isNotNull()
                .containsKeys("encrypted_password", "encrypted_phone_number", "encrypted_email", "username");
    }

    @Test
    void theRecordHasOnlyIds(@Value("${KAFKA_BROKER_URL}") String broker) {
        Caller user = api.asNewUser();
        String taskId = user.submit("recorded");
        String accountId = user.awaitFinal(taskId).path("twitter_account_id").asString();

        ConsumerRecord<String, String> record = KafkaRecords.all(broker, "twitter_login_requests").stream()
                .filter(candidate -> candidate.value().contains(taskId))
                .findFirst()
                .orElseThrow();

        assertThat(record.key()).isEqualTo(accountId);
        assertThat(new JsonMapper().readValue(record.value(), Object.class))
                .isEqualTo(Map.of(
                        "task_id", taskId, "user_id", user.subject(), "twitter_user_id", accountId, "attempt", 0));
        assertThat(record.headers()).extracting(Header::key).isSubsetOf("traceparent");
    }
}
