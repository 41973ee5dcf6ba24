package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The owner of a task cancels it, deletes its account, or logs in again. */
@ResourceServerTest
class TaskLifeTest {

    private final Api api;

    @Autowired
    TaskLifeTest(Api api) {
        this.api = api;
    }

    @Test
    void aRunningTaskIsCancelledAndItsLoginStopped() {
        Caller user = api.asNewUser();
        String taskId = user.submit("slow_one");
        user.awaitStatus(taskId, "running");

        assertThat(user.delete("/tasks/" + taskId).status()).isEqualTo(204);
        JsonNode cancelled = user.get("/tasks/" + taskId).body();
        // The login was stopped before its two seconds were over, so the account is free at once
        String next = user.submit("slow_one");
        JsonNode begun = user.awaitStatus(next, "running");

        assertThat(cancelled.path("status").asString()).isEqualTo("cancelled");
        Duration waited = Duration.between(
                Instant.parse(cancelled.path("completed_at").asString()),
                Instant.parse(begun.path("updated_at").asString()));
        assertThat(waited).isLessThan(Duration.ofMillis(1_500));
        user.awaitFinal(next);
        assertThat(user.get("/tasks/" + taskId).body()).isEqualTo(cancelled);
    }

    @Test
    void cancellingIsIdempotentAndAnEndedTaskCannotBeCancelled() {
        Caller user = api.asNewUser();
        String waiting = user.submit("challenge_me");
        user.awaitStatus(waiting, "challenge_required");
        String done = user.submit("fine");
        user.awaitFinal(done);

        assertThat(user.delete("/tasks/" + waiting).status()).isEqualTo(204);
        assertThat(user.delete("/tasks/" + waiting).status()).isEqualTo(204);
        user.delete("/tasks/" + done).isProblem(409, "conflict");
        api.asNewUser().delete("/tasks/" + done).isProblem(404, "not-found");
    }

    @Test
    void aDeletedAccountEndsItsTasksAndDropsTheirResults() {
        Caller user = api.asNewUser();
        String running = user.submit("slow_one");
        String account =
                user.awaitStatus(running, "running").path("twitter_account_id").asString();

        assertThat(user.delete("/twitter-accounts/" + account).status()).isEqualTo(204);

        JsonNode ended = user.get("/tasks/" + running).body();
        assertThat(ended.path("status").asString()).isEqualTo("failure");
        assertThat(ended.path("error").path("code").asString()).isEqualTo("account_deleted");
        user.awaitFinal(user.submit("slow_one"));
        assertThat(user.get("/tasks/" + running).body()).isEqualTo(ended);
    }

    @Test
    void anAccountIsLoggedInAgainWithItsStoredCredentials() {
        Caller user = api.asNewUser();
        JsonNode first = user.awaitFinal(user.submit("again"));
        String account = first.path("twitter_account_id").asString();

        Answer accepted = user.post("/twitter-accounts/" + account + "/login", "");

        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.header("RateLimit")).startsWith("\"twitter-login\";r=3");
        JsonNode second = user.awaitFinal(accepted.body().path("task_id").asString());
        assertThat(second.path("status").asString()).isEqualTo("success");
        assertThat(second.path("twitter_account_id").asString()).isEqualTo(account);
        assertThat(second.path("task_id")).isNotEqualTo(first.path("task_id"));
        api.asNewUser().post("/twitter-accounts/" + account + "/login", "").isProblem(404, "not-found");
    }

    @Test
    void onlyOneTaskOfAnAccountRunsAtATime() {
        Caller user = api.asNewUser();
        List<String> tasks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            tasks.add(user.submit("same"));
        }

        List<JsonNode> ended = tasks.stream()
                .map(user::awaitFinal)
                .sorted(Comparator.comparing(task -> at(task, 1)))
                .toList();

        for (int i = 1; i < ended.size(); i++) {
            assertThat(at(ended.get(i), 1)).isAfterOrEqualTo(at(ended.get(i - 1), 2));
        }
    }

    @Test
    void tasksAreListedByStatus() {
        Caller user = api.asNewUser();
        user.awaitFinal(user.submit("fine"));
        String failed = user.submit("wrong_one");
        user.awaitFinal(failed);

        JsonNode items = user.get("/tasks?status=failure").body().path("items");

        assertThat(items).hasSize(1);
        assertThat(items.path(0).path("task_id").asString()).isEqualTo(failed);
        assertThat(user.get("/tasks?status=running").body().path("items")).isEmpty();
        user.get("/tasks?status=lost").isProblem(400, "invalid-request");
        user.get("/tasks?status=FAILURE").isProblem(400, "invalid-request");
    }

    @Test
    void aModeratorListsTasksOfAllUsers() {
        Caller user = api.asNewUser();
        Caller moderator = api.asNewUser("user", "moderator");
        String taskId = user.submit("wrong_one");
        user.awaitFinal(taskId);

        JsonNode items = moderator
                .get("/admin/tasks?status=failure&user_id=" + user.subject())
                .body()
                .path("items");
        JsonNode stats = moderator.get("/admin/tasks/stats").body();

        assertThat(items).hasSize(1);
        assertThat(items.path(0).path("user_id").asString()).isEqualTo(user.subject());
        assertThat(items.path(0).path("task_id").asString()).isEqualTo(taskId);
        assertThat(stats.path("by_status").path("failure").asLong()).isPositive();
        assertThat(stats.path("total").asLong())
                .isGreaterThanOrEqualTo(stats.path("by_status").path("failure").asLong());
        assertThat(stats.has("oldest_due_seconds")).isTrue();
    }

    @Test
    void onlyModeratorsMayListTasksOfAllUsers() {
        Caller user = api.asNewUser();

        user.get("/admin/tasks").isProblem(403, "forbidden");
        user.get("/admin/tasks/stats").isProblem(403, "forbidden");
        api.withToken(null).get("/admin/tasks").isProblem(401, "unauthorized");
        api.asNewUser("user", "moderator").get("/admin/users").isProblem(403, "forbidden");
        // The path does not exist, so it needs no protection
        api.asNewUser("user", "moderator").get("/admin/anything").isProblem(404, "not-found");
    }

    private static Instant at(JsonNode task, int step) {
        return Instant.parse(task.path("history").path(step).path("at").asString());
    }
}
