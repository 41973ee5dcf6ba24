package io.perch.systemtests.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.PerchApi;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TwitterLoginIT extends PipelineSystemTest {

    TwitterLoginIT(PerchSystem system) {
        super(system);
    }

    @Test
    void aLoginIsSubmittedAndSucceeds() {
        JsonNode task = api.awaitFinal(api.submit("testuser", "p@ssw0rd!"));

        assertThat(task.path("status").asString()).isEqualTo("success");
        assertThat(task.path("history").valueStream().map(step -> step.path("status")
                        .asString()))
                .containsExactly("pending", "running", "success");
    }

    @Test
    void aWrongPasswordEndsInFailureWithItsReason() {
        JsonNode task = api.awaitFinal(api.submit("wrong_user", "p@ssw0rd!"));

        assertThat(task.path("status").asString()).isEqualTo("failure");
        assertThat(task.path("error").path("code").asString()).isEqualTo("wrong_credentials");
        assertThat(task.path("error").path("retryable").asBoolean()).isFalse();
    }

    @Test
    void anotherUsersTaskAndAccountAreNotFound() {
        JsonNode task = api.awaitFinal(api.submit("private", "p@ssw0rd!"));
        String account = "/twitter-accounts/" + task.path("twitter_account_id").asString();
        PerchApi other = PerchApi.as(system, admin.createUser());

        assertThat(other.get("/tasks/" + task.path("task_id").asString()).status())
                .isEqualTo(404);
        assertThat(other.get(account).status()).isEqualTo(404);
        assertThat(other.delete(account).status()).isEqualTo(404);
        assertThat(api.get(account).status()).isEqualTo(200);
    }

    @Test
    void aDeletedAccountIsNotFound() {
        JsonNode task = api.awaitFinal(api.submit("doomed", "p@ssw0rd!"));
        String account = "/twitter-accounts/" + task.path("twitter_account_id").asString();

        assertThat(api.delete(account).status()).isEqualTo(204);
        assertThat(api.get(account).status()).isEqualTo(404);
    }

    @Test
    void invalidFieldsAreListed() {
        var answer = api.post("/twitter-login", "{\"username\": \"no spaces\", \"phone\": 5}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.json()
                        .path("errors")
                        .valueStream()
                        .map(error -> error.path("pointer").asString())
                        .distinct())
                .containsExactly("#/password", "#/phone", "#/phone_number", "#/username");
        assertThat(api.get("/tasks").json().path("items")).isEmpty();
    }
}
