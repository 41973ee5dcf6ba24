package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Caller;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Logins that do not succeed at the first attempt. */
@ResourceServerTest
class RetryTest {

    private final Api api;

    @Autowired
    RetryTest(Api api) {
        this.api = api;
    }

    @Test
    void aFlakyLoginIsRetriedUntilItSucceeds() {
        Caller user = api.asNewUser();

        JsonNode task = user.awaitFinal(user.submit("flaky_one"));

        assertThat(task.path("status").asString()).isEqualTo("success");
        assertThat(task.path("attempts").asInt()).isEqualTo(3);
        assertThat(steps(task))
                .containsExactly("pending", "running", "retrying", "running", "retrying", "running", "success");
        assertThat(task.has("error")).isFalse();
    }

    @Test
    void aRateLimitedLoginWaitsForTheGivenTimeAndFailsAtLast() {
        Caller user = api.asNewUser();
        String taskId = user.submit("limited_one");

        JsonNode waiting = user.awaitStatus(taskId, "retrying");
        JsonNode task = user.awaitFinal(taskId);

        assertThat(waiting.path("error").path("code").asString()).isEqualTo("rate_limited");
        String message = waiting.path("error").path("message").asString();
        Instant named = Instant.parse(message.substring(message.lastIndexOf(' ') + 1));
        assertThat(Instant.parse(waiting.path("next_attempt_at").asString()))
                .isAfterOrEqualTo(named.truncatedTo(ChronoUnit.MILLIS));
        assertThat(task.path("status").asString()).isEqualTo("failure");
        assertThat(task.path("attempts").asInt()).isEqualTo(4);
        assertThat(task.path("error").path("retryable").asBoolean()).isTrue();
        assertThat(task.has("next_attempt_at")).isFalse();
    }

    @Test
    void aModeratorRetriesAFailedTask() {
        Caller user = api.asNewUser();
        Caller moderator = api.asNewUser("user", "moderator");
        String taskId = user.submit("wrong_one");
        user.awaitFinal(taskId);

        assertThat(user.post("/admin/tasks/" + taskId + "/retry", "").isProblem(403, "forbidden"))
                .isNotNull();
        var replayed = moderator.post("/admin/tasks/" + taskId + "/retry", "");

        assertThat(replayed.status()).isEqualTo(202);
        assertThat(replayed.body().path("status").asString()).isEqualTo("pending");
        assertThat(replayed.body().path("user_id").asString()).isEqualTo(user.subject());
        JsonNode again = user.awaitFinal(taskId);
        assertThat(again.path("attempts").asInt()).isEqualTo(2);
        assertThat(steps(again)).containsExactly("pending", "running", "failure", "pending", "running", "failure");
    }

    @Test
    void onlyAFailedTaskCanBeRetried() {
        Caller user = api.asNewUser();
        Caller moderator = api.asNewUser("user", "moderator");
        String taskId = user.submit("fine");
        user.awaitFinal(taskId);

        moderator.post("/admin/tasks/" + taskId + "/retry", "").isProblem(409, "conflict");
        moderator.post("/admin/tasks/no-such-task/retry", "").isProblem(404, "not-found");
    }

    private static List<String> steps(JsonNode task) {
        return task.path("history")
                .valueStream()
                .map(step -> step.path("status").asString())
                .toList();
    }
}
