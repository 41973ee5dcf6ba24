package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.model.ReplaceOptions;
import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import io.perch.resourceserver.account.AccountWrite;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.account.TwitterCredentials;
import io.perch.resourceserver.user.UserErased;
import io.perch.resourceserver.user.UserErased.Counts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.BasicQuery;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.node.ObjectNode;

/** The erasure of the data of deleted users. */
@ResourceServerTest
@TestPropertySource(properties = "perch.rate-limit.routes.twitter-login.requests=1000000")
class ErasureTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Api api;
    private final MongoOperations mongo;
    private final TwitterAccounts accounts;
    private final KeycloakEvents keycloak;
    private final List<UserErased> erased = new CopyOnWriteArrayList<>();

    @Autowired
    ErasureTest(
            Api api,
            MongoOperations mongo,
            TwitterAccounts accounts,
            KafkaTemplate<String, byte[]> kafka,
            ConfigurableApplicationContext context) {
        this.api = api;
        this.mongo = mongo;
        this.accounts = accounts;
        this.keycloak = new KeycloakEvents(kafka);
        context.addApplicationListener(event -> {
            if (event instanceof PayloadApplicationEvent<?> payload
                    && payload.getPayload() instanceof UserErased userErased) {
                erased.add(userErased);
            }
        });
    }

    /**
     * A deletion so long ago that the tokens are still valid. This simulates an instance that has not yet received the
     * event.
     */
    private ObjectNode deletedWithValidTokens(Caller user) {
        return keycloak.event("deleted", user.subject())
                .put("time", Instant.now().minus(Duration.ofHours(1)).toString());
    }

    @Test
    void allDataOfADeletedUserAreErasedAndReportedOnce() {
        Caller user = api.asNewUser();
        keycloak.send(keycloak.stateEvent("registered", user.subject(), "doomed"));
        user.awaitFinal(user.submit("first"));
        user.awaitFinal(user.submit("second"));
        user.awaitStatus(user.submit("challenge_one"), "challenge_required");
        Caller other = api.asNewUser();
        other.awaitFinal(other.submit("first"));

        keycloak.send(keycloak.event("deleted", user.subject()));
        keycloak.send(keycloak.event("deleted", user.subject()));

        awaitErased(user);
        assertErased(user);
        Document tombstone = users(user);
        assertThat(tombstone.keySet())
                .isSubsetOf("_id", "_class", "deleted_at", "deleted_sequence", "erased_at", "revisit_at", "counts");
        await().during(Duration.ofSeconds(1))
                .atMost(TIMEOUT)
                .until(() -> reported(user).size() == 1);
        assertThat(reported(user).get(0).counts()).isEqualTo(new Counts(3, 3));
        assertThat(other.get("/tasks").body().path("items")).hasSize(1);
        assertThat(other.get("/twitter-accounts").body().path("items")).hasSize(1);
    }

    @Test
    void aRunningLoginIsStoppedAndItsResultDropped() {
        Caller user = api.asNewUser();
        String taskId = user.submit("slow_one");
        user.awaitStatus(taskId, "running");

        keycloak.send(deletedWithValidTokens(user));

        awaitErased(user);
        await().during(Duration.ofSeconds(3)).atMost(TIMEOUT).untilAsserted(() -> assertErased(user));
        user.get("/tasks/" + taskId).isProblem(404, "not-found");
    }

    @Test
    void eventsBeforeTheDeletionDoNotRestoreTheUser() {
        Caller user = api.asNewUser();
        var early = keycloak.stateEvent("updated", user.subject(), "revenant");
        var late = keycloak.stateEvent("snapshot", user.subject(), "revenant");
        var deleted = keycloak.event("deleted", user.subject());
        keycloak.send(deleted);
        keycloak.send(early);
        keycloak.send(late);
        keycloak.send(keycloak.event("logged_in", user.subject()));
        keycloak.send(deleted);
        awaitErased(user);
        // It has the same key and so the same partition. When it is processed, all earlier events are processed too
        var marker = keycloak.stateEvent("registered", user.subject() + "x", "marker");
        keycloak.send(user.subject(), marker.toString());
        await().atMost(TIMEOUT).until(() -> mongo.exists(byField("_id", user.subject() + "x"), "users"));

        assertThat(users(user).keySet()).doesNotContain("username", "last_login", "search", "created_at");
        Answer found = api.asNewUser("user", "admin").get("/admin/users?search=revenant");
        assertThat(found.body().path("items")).isEmpty();
    }

    /**
     * The insert of a task does not check for deleted users, so that it cannot fail after the task is stored. The claim
     * checks it.
     */
    @Test
    void aTaskSubmittedAfterTheDeletionIsErasedAndNotRun() {
        Caller user = api.asNewUser();
        keycloak.send(deletedWithValidTokens(user));
        awaitErased(user);

        assertThat(user.post("/twitter-login", Api.login("late")).status()).isEqualTo(202);

        await().atMost(TIMEOUT).untilAsserted(() -> assertErased(user));
    }

    /** An instance may check for deleted users before the deletion, and write the result of a login after it. */
    @Test
    void credentialsWrittenAfterTheErasureAreErased() {
        Caller user = api.asNewUser();
        user.awaitFinal(user.submit("late_account"));
        keycloak.send(deletedWithValidTokens(user));
        awaitErased(user);
        String accountId = TwitterAccounts.id(user.subject(), "late_account");
        var sealed = accounts.seal(
                user.subject(), accountId, new TwitterCredentials("late_account", "a password", "+491700000000", null));

        accounts.write(List.of(new AccountWrite(
                user.subject(), accountId, "late_account", sealed, Instant.now(), "success", Instant.now())));

        assertErased(user);
    }

    @Test
    void tasksSubmittedDuringTheErasureAreErased() throws Exception {
        List<Caller> users = new ArrayList<>();
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService executor = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> submitters = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Caller user = api.asNewUser();
                users.add(user);
                submitters.add(executor.submit(() -> submitUntil(user, stop)));
            }
            for (Caller user : users) {
                await().atMost(TIMEOUT).until(() -> mongo.exists(byField("user_id", user.subject()), "task_statuses"));
                keycloak.send(deletedWithValidTokens(user));
            }
            users.forEach(this::awaitErased);
            stop.set(true);
            for (Future<?> submitter : submitters) {
                submitter.get(30, TimeUnit.SECONDS);
            }
        } finally {
            stop.set(true);
            executor.shutdown();
        }
        assertThat(users).allSatisfy(user -> await().atMost(TIMEOUT).untilAsserted(() -> assertErased(user)));
    }

    @Test
    void anotherInstanceFinishesTheErasureOfACrashedOne() {
        Caller user = api.asNewUser();
        user.awaitFinal(user.submit("left"));
        mongo.insert(
                new Document("_id", user.subject())
                        .append("sequence", 1L)
                        .append("deleted_at", Date.from(Instant.now()))
                        .append("revisit_at", Date.from(Instant.now()))
                        .append("counts", new Document("accounts", 5L).append("tasks", 7L)),
                "users");

        awaitErased(user);

        assertErased(user);
        assertThat(reported(user))
                .singleElement()
                .extracting(UserErased::counts)
                .isEqualTo(new Counts(5, 7));
    }

    /** The command that the README has for a deletion that never arrived. */
    @Test
    void aTombstoneWrittenByHandErasesTheUser() {
        Caller user = api.asNewUser();
        keycloak.send(keycloak.stateEvent("registered", user.subject(), "unnoticed"));
        await().atMost(TIMEOUT).until(() -> mongo.exists(byField("username", "unnoticed"), "users"));
        user.awaitFinal(user.submit("left"));
        Date now = Date.from(Instant.now());

        mongo.getCollection("users")
                .replaceOne(
                        new Document("_id", user.subject()),
                        new Document("deleted_at", now).append("revisit_at", now),
                        new ReplaceOptions().upsert(true));

        awaitErased(user);
        assertErased(user);
        assertThat(users(user)).doesNotContainKey("username");
    }

    @Test
    void lateDataAreErasedWhenNoTokenIsValid() {
        Caller user = api.asNewUser();
        String taskId = user.submit("copied");
        user.awaitFinal(taskId);
        Document task = Objects.requireNonNull(mongo.findOne(byField("_id", taskId), Document.class, "task_statuses"));
        Document account = Objects.requireNonNull(
                mongo.findOne(byField("user_id", user.subject()), Document.class, "twitter_users"));
        keycloak.send(keycloak.event("deleted", user.subject()));
        awaitErased(user);
        mongo.insert(account, "twitter_users");
        mongo.insert(task, "task_statuses");
        mongo.updateFirst(
                byField("_id", user.subject()),
                Update.update("revisit_at", Date.from(Instant.EPOCH)).set("erased_at", Date.from(Instant.EPOCH)),
                "users");

        await().atMost(TIMEOUT).untilAsserted(() -> assertErased(user));
        await().atMost(TIMEOUT).until(() -> !users(user).containsKey("revisit_at"));
        assertThat(users(user)).containsKey("erased_at");
    }

    @Test
    void aRecreatedUserStartsWithoutOldData() {
        Caller before = api.asNewUser();
        keycloak.send(keycloak.stateEvent("registered", before.subject(), "newcomer"));
        before.awaitFinal(before.submit("of_before"));
        var deleted = keycloak.event("deleted", before.subject());
        keycloak.send(deleted);
        awaitErased(before);

        keycloak.send(keycloak.stateEvent("registered", before.subject(), "newcomer"));
        await().atMost(TIMEOUT).until(() -> users(before).containsKey("recreated_at"));
        before.get("/tasks").isProblem(401, "unauthorized");
        // Tokens have times in whole seconds. Those of the deletion's second and of the next second are refused
        Caller user = await().atMost(TIMEOUT)
                .until(
                        () -> api.withNewToken(before),
                        caller -> caller.get("/tasks").status() == 200);
        String taskId = user.submit("of_now");
        user.awaitFinal(taskId);
        keycloak.send(deleted);
        var marker = keycloak.stateEvent("registered", user.subject() + "x", "marker");
        keycloak.send(user.subject(), marker.toString());
        await().atMost(TIMEOUT).until(() -> mongo.exists(byField("_id", user.subject() + "x"), "users"));

        assertThat(user.get("/tasks").body().path("items"))
                .singleElement()
                .satisfies(task -> assertThat(task.path("task_id").asString()).isEqualTo(taskId));
        assertThat(user.get("/twitter-accounts").body().path("items")).hasSize(1);
        assertThat(users(user)).containsEntry("username", "newcomer").doesNotContainKeys("deleted_at", "erased_at");
        assertThat(api.asNewUser("user", "admin")
                        .get("/admin/users?search=newcomer")
                        .body()
                        .path("items"))
                .hasSize(1);
    }

    /** This simulates the late writes of an instance that was blocked during the deletion. */
    @Test
    void onlyDataFromBeforeTheRecreationAreErasedLater() {
        Caller user = api.asNewUser();
        String old = user.submit("of_before");
        user.awaitFinal(old);
        Document task = Objects.requireNonNull(mongo.findOne(byField("_id", old), Document.class, "task_statuses"));
        Document account = Objects.requireNonNull(
                mongo.findOne(byField("user_id", user.subject()), Document.class, "twitter_users"));
        keycloak.send(deletedWithValidTokens(user));
        awaitErased(user);
        keycloak.send(keycloak.stateEvent("snapshot", user.subject(), "recreated"));
        await().atMost(TIMEOUT).until(() -> users(user).containsKey("recreated_at"));
        String taskId = user.submit("of_now");
        user.awaitFinal(taskId);
        mongo.insert(account, "twitter_users");
        mongo.insert(task, "task_statuses");

        mongo.updateFirst(
                byField("_id", user.subject()), Update.update("revisit_at", Date.from(Instant.EPOCH)), "users");

        await().atMost(TIMEOUT).until(() -> !mongo.exists(byField("_id", old), "task_statuses"));
        await().atMost(TIMEOUT).until(() -> mongo.count(byField("user_id", user.subject()), "twitter_users") == 1);
        assertThat(user.get("/tasks/" + taskId).status()).isEqualTo(200);
        assertThat(users(user)).containsKey("recreated_at");
    }

    private void submitUntil(Caller user, AtomicBoolean stop) {
        while (!stop.get()) {
            String account = "race_" + UUID.randomUUID().toString().substring(0, 8);
            assertThat(user.post("/twitter-login", Api.login(account)).status()).isEqualTo(202);
        }
    }

    private List<UserErased> reported(Caller user) {
        return erased.stream()
                .filter(event -> event.userId().equals(user.subject()))
                .toList();
    }

    private void awaitErased(Caller user) {
        await().atMost(TIMEOUT)
                .until(() -> mongo.exists(
                        new BasicQuery(
                                new Document("_id", user.subject()).append("erased_at", new Document("$exists", true))),
                        "users"));
    }

    private void assertErased(Caller user) {
        for (String collection : List.of("task_statuses", "twitter_users")) {
            assertThat(mongo.count(byField("user_id", user.subject()), collection))
                    .as(collection)
                    .isZero();
        }
    }

    private Document users(Caller user) {
        return Objects.requireNonNull(mongo.findOne(byField("_id", user.subject()), Document.class, "users"));
    }

    private static BasicQuery byField(String field, String value) {
        return new BasicQuery(new Document(field, value));
    }
}
