package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.BasicQuery;
import tools.jackson.databind.JsonNode;

@ResourceServerTest
class OwnershipTest {

    private final Api api;
    private final MongoOperations mongo;

    @Autowired
    OwnershipTest(Api api, MongoOperations mongo) {
        this.api = api;
        this.mongo = mongo;
    }

    @Test
    void anotherUsersTaskAndAccountAreNotFound() {
        Caller owner = api.asNewUser();
        JsonNode task = owner.awaitFinal(owner.submit("mine"));
        String account = "/twitter-accounts/" + task.path("twitter_account_id").asString();
        Caller other = api.asNewUser();

        other.get("/tasks/" + task.path("task_id").asString()).isProblem(404, "not-found");
        other.get(account).isProblem(404, "not-found");
        other.delete(account).isProblem(404, "not-found");
        assertThat(other.get("/tasks").body().path("items")).isEmpty();
        assertThat(other.get("/twitter-accounts").body().path("items")).isEmpty();
        assertThat(owner.get(account).status()).isEqualTo(200);
    }

    @Test
    void aModeratorHasNoAccessOnTheOwnersPaths() {
        Caller owner = api.asNewUser();
        String taskId = owner.submit("mine");

        api.asNewUser("user", "moderator", "admin").get("/tasks/" + taskId).isProblem(404, "not-found");
    }

    @Test
    void unknownTasksAndAccountsAreNotFound() {
        Caller user = api.asNewUser();

        user.get("/tasks/" + UUID.randomUUID()).isProblem(404, "not-found");
        user.get("/tasks/x").isProblem(404, "not-found");
        user.get("/twitter-accounts/" + UUID.randomUUID()).isProblem(404, "not-found");
    }

    @Test
    void anAccountShowsNoPasswordAndAMaskedPhoneNumber() {
        Caller user = api.asNewUser();
        user.awaitFinal(user.submit("Shown"));

        Answer list = user.get("/twitter-accounts");

        JsonNode account = list.body().path("items").path(0);
        assertThat(account.propertyNames())
                .containsExactlyInAnyOrder(
                        "twitter_account_id", "username", "phone_number", "email", "last_login_at", "last_status");
        assertThat(account.path("phone_number").asString()).isEqualTo("+*******890");
        assertThat(account.path("email").asString()).isEqualTo("test@example.com");
        assertThat(account.path("last_status").asString()).isEqualTo("success");
        assertThat(list.body().has("next")).isFalse();
        assertThat(list.raw().body()).doesNotContain("p@ssw0rd!", "encrypted");
    }

    @Test
    void theSameXAccountIsStoredOnceInAnyCase() {
        Caller user = api.asNewUser();
        user.awaitFinal(user.submit("CamelCase"));
        user.awaitFinal(user.submit("camelcase"));

        JsonNode accounts = user.get("/twitter-accounts").body().path("items");

        assertThat(accounts).hasSize(1);
        assertThat(accounts.path(0).path("username").asString()).isEqualTo("camelcase");
    }

    @Test
    void aDeletionRemovesTheSecretsOfAnAccount() {
        Caller user = api.asNewUser();
        JsonNode task = user.awaitFinal(user.submit("doomed"));
        String account = "/twitter-accounts/" + task.path("twitter_account_id").asString();

        assertThat(user.delete(account).status()).isEqualTo(204);

        user.get(account).isProblem(404, "not-found");
        user.delete(account).isProblem(404, "not-found");
        // A tombstone is kept for some time. It prevents that a task accepted earlier stores the account again
        assertThat(mongo.find(new BasicQuery(new Document("user_id", user.subject())), Document.class, "twitter_users"))
                .allSatisfy(mark ->
                        assertThat(mark.keySet()).isSubsetOf("_id", "user_id", "created_at", "deleted_at", "acts"));
        assertThat(user.get("/tasks/" + task.path("task_id").asString()).status())
                .isEqualTo(200);
    }

    @Test
    void pagesListEveryTaskOnceNewestFirst() {
        Caller user = api.asNewUser();
        List<String> submitted = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            submitted.add(0, user.submit("page_" + i));
        }

        List<String> seen = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        String path = "/tasks?limit=2";
        for (String next = ""; next != null; ) {
            JsonNode page = user.get(path + next).body();
            sizes.add(page.path("items").size());
            page.path("items").forEach(task -> seen.add(task.path("task_id").asString()));
            next = page.has("next") ? "&after=" + page.path("next").asString() : null;
        }

        assertThat(sizes).containsExactly(2, 2, 1);
        assertThat(seen).containsExactlyInAnyOrderElementsOf(submitted).doesNotHaveDuplicates();
    }
}
