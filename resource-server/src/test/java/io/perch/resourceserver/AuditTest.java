package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.BasicQuery;
import org.springframework.kafka.core.KafkaTemplate;
import tools.jackson.databind.JsonNode;

/** The audit log for administrators. */
@ResourceServerTest
class AuditTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Api api;
    private final UserEventFixtures keycloak;
    private final MongoOperations mongo;
    private final Environment environment;
    private final AuthorizationServer server;
    private final Caller admin;

    @Autowired
    AuditTest(
            Api api,
            KafkaTemplate<String, byte[]> kafka,
            MongoOperations mongo,
            Environment environment,
            AuthorizationServer server) {
        this.api = api;
        this.keycloak = new UserEventFixtures(kafka);
        this.mongo = mongo;
        this.environment = environment;
        this.server = server;
        this.admin = api.asNewUser("user", "moderator", "admin");
    }

    @Test
    void eventsOfKeycloakAreAuditedOnce() {
        String userId = UUID.randomUUID().toString();
        Instant at = Instant.now().minusSeconds(60);
        String login = keycloak.of(userId, "logged_in")
                .with("keycloak_type", "LOGIN")
                .with("session_id", "a-session")
                .with("client_id", "perch-web")
                .with("ip_address", "198.51.100.7")
                .at(at)
                .send();
        keycloak.of(userId, "logged_in").id(login).at(at).send();
        keycloak.of(userId, "login_failed")
                .with("error", "invalid_user_credentials")
                .with("ip_address", "198.51.100.8")
                .at(at.plusSeconds(1))
                .send();
        keycloak.of(userId, "roles_changed")
                .with("actor", Map.of("user_id", "the-admin", "ip_address", "198.51.100.9", "client_id", "console"))
                .with("changed", Map.of("roles", Map.of("from", List.of("user"), "to", List.of("user", "moderator"))))
                .at(at.plusSeconds(2))
                .send();
        keycloak.of(userId, "updated")
                .with("changed", Map.of("email", Map.of("from", "old@perch.example", "to", "new@perch.example")))
                .at(at.plusSeconds(3))
                .send();
        keycloak.of(userId, "snapshot").send();
        keycloak.of(userId, "event")
                .with("keycloak_type", "UPDATE_TOTP")
                .at(at.plusSeconds(4))
                .send();

        List<JsonNode> lines = awaitLines("user_id=" + userId, 5);

        assertThat(lines)
                .extracting(line -> line.path("action").asString())
                .containsExactly(
                        "user.event", "user.updated", "user.roles_changed", "user.login_failed", "user.logged_in");
        JsonNode loggedIn = lines.get(4);
        assertThat(loggedIn.path("audit_id").asString()).isEqualTo(login);
        assertThat(loggedIn.path("actor_id").asString()).isEqualTo(userId);
        assertThat(loggedIn.path("session_id").asString()).isEqualTo("a-session");
        assertThat(loggedIn.path("client_id").asString()).isEqualTo("perch-web");
        assertThat(loggedIn.path("ip_address").asString()).isEqualTo("198.51.100.7");
        assertThat(lines.get(3).has("actor_id")).isFalse();
        assertThat(detail(lines.get(3), "error")).isEqualTo("invalid_user_credentials");
        assertThat(lines.get(2).path("actor_id").asString()).isEqualTo("the-admin");
        assertThat(detail(lines.get(2), "roles_to")).isEqualTo("moderator, user");
        assertThat(detail(lines.get(1), "changed")).isEqualTo("email");
        assertThat(lines.toString()).doesNotContain("perch.example");
    }

    @Test
    void textOfOthersIsShortenedToOneLine() {
        String userId = UUID.randomUUID().toString();

        keycloak.of(userId, "login_failed")
                .with("error", "first\nsecond\u0000\u202e" + "x".repeat(10_000))
                .with("client_id", "c".repeat(10_000))
                .send();

        JsonNode line = awaitLines("user_id=" + userId, 1).get(0);
        assertThat(detail(line, "error"))
                .startsWith("first second")
                .hasSize(256)
                .doesNotContain("\n", "\u202e");
        assertThat(line.path("client_id").asString()).hasSize(256);
    }

    @Test
    void actionsOfUsersAreAudited() {
        SignedIn session = SignedIn.newSession();
        Caller user = session.at(api, server);
        String success = user.submit("audited");
        JsonNode submitted = awaitLines("user_id=" + session.userId(), 1).get(0);
        assertThat(submitted.path("action").asString()).isEqualTo("task.submitted");
        assertThat(submitted.path("task_id").asString()).isEqualTo(success);
        assertThat(submitted.path("session_id").asString()).isEqualTo(session.sessionId());
        assertThat(submitted.path("ip_address").asString()).isEqualTo("127.0.0.1");
        String account = user.awaitFinal(success).path("twitter_account_id").asString();

        String challenged = user.submit("challenge_aud");
        user.awaitStatus(challenged, "challenge_required");
        assertThat(user.post("/tasks/" + challenged + "/challenge", "{\"code\": \"123456\"}")
                        .status())
                .isEqualTo(202);
        user.awaitFinal(challenged);
        String cancelled = user.submit("slow_aud");
        assertThat(user.delete("/tasks/" + cancelled).status()).isEqualTo(204);
        user.awaitFinal(user.post("/twitter-accounts/" + account + "/login", "")
                .body()
                .path("task_id")
                .asString());
        assertThat(user.delete("/twitter-accounts/" + account).status()).isEqualTo(204);
        user.delete("/twitter-accounts/" + account).isProblem(404, "not-found");

        List<JsonNode> lines = awaitLines("user_id=" + session.userId(), 7);
        assertThat(lines)
                .extracting(line -> line.path("action").asString())
                .containsExactly(
                        "account.deleted",
                        "account.login",
                        "task.cancelled",
                        "task.submitted",
                        "task.challenge_answered",
                        "task.submitted",
                        "task.submitted");
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.path("actor_id").asString()).isEqualTo(session.userId()));
        assertThat(stored(session.userId())).doesNotContain("123456", "p@ssw0rd", "1234567890", "test@example.com");
    }

    @Test
    void aModeratorIsTheActorOfARetry() {
        Caller user = api.asNewUser();
        String failed = user.submit("wrong_aud");
        user.awaitFinal(failed);
        Caller moderator = api.asNewUser("user", "moderator");

        assertThat(moderator.post("/admin/tasks/" + failed + "/retry", "").status())
                .isEqualTo(202);

        List<JsonNode> acts = awaitLines("actor_id=" + moderator.subject(), 2);
        assertThat(acts)
                .extracting(line -> line.path("action").asString())
                .containsExactly("task.retried", "admin.called");
        assertThat(acts.get(0).path("user_id").asString()).isEqualTo(user.subject());
        assertThat(detail(acts.get(1), "method")).isEqualTo("POST");
        assertThat(detail(acts.get(1), "path")).isEqualTo("/admin/tasks/" + failed + "/retry");
    }

    @Test
    void readsAreAuditedWithoutTheSearchText() {
        Caller reader = api.asNewUser("user", "moderator", "admin");
        reader.get("/admin/tasks?user_id=somebody&limit=5");
        reader.get("/admin/users?search=alice@perch.example");
        reader.get("/admin/audit?action=user.erased");

        List<JsonNode> lines = lines("actor_id=" + reader.subject());

        assertThat(lines)
                .extracting(line -> detail(line, "parameters"))
                .containsExactly("action=user.erased", "search", "limit=5&user_id=somebody");
        assertThat(lines.get(2).path("user_id").asString()).isEqualTo("somebody");
    }

    @Test
    void entriesAreFilteredAndPaged() {
        String userId = UUID.randomUUID().toString();
        Instant begin = Instant.parse("2026-11-19T10:00:00Z");
        for (int i = 0; i < 7; i++) {
            keycloak.of(userId, i % 2 == 0 ? "logged_in" : "logged_out")
                    .at(begin.plusSeconds(i / 3))
                    .send();
        }
        List<JsonNode> all = awaitLines("user_id=" + userId, 7);

        List<String> paged = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = admin.get("/admin/audit?limit=3&user_id=" + userId + "&actor_id=" + userId + after)
                    .body();
            page.path("items").forEach(line -> paged.add(line.path("audit_id").asString()));
            after = page.has("next") ? "&after=" + page.path("next").asString() : "";
        } while (!after.isEmpty());

        assertThat(paged)
                .doesNotHaveDuplicates()
                .containsExactlyElementsOf(all.stream()
                        .map(line -> line.path("audit_id").asString())
                        .toList());
        assertThat(lines("user_id=" + userId + "&action=user.logged_out")).hasSize(3);
        assertThat(lines("actor_id=" + userId)).hasSize(7);
        String from = "from=" + begin.plusSeconds(1);
        assertThat(lines("user_id=" + userId + '&' + from)).hasSize(4);
        assertThat(lines("user_id=" + userId + '&' + from + "&to=" + begin.plusSeconds(2)))
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=101",
                "limit=many",
                "after=%21",
                "after=YWJj",
                "action=nonsense",
                "action=",
                "user_id=",
                "from=yesterday",
                "to=2026-11-19",
                "to=%2B1000000000-12-31T23:59:59Z",
                "from=-0001-01-01T00:00:00Z",
                "from=2026-11-19T10:00:01Z&to=2026-11-19T10:00:00Z"
            })
    void invalidParametersAreRefused(String parameters) {
        admin.get("/admin/audit?" + parameters).isProblem(400, "invalid-request");
    }

    @Test
    void onlyAdministratorsMayReadTheAuditLog() {
        api.withToken(null).get("/admin/audit").isProblem(401, "unauthorized");
        api.asNewUser().get("/admin/audit").isProblem(403, "forbidden");
        api.asNewUser("user", "moderator").get("/admin/audit").isProblem(403, "forbidden");
    }

    @Test
    void entriesOfADeletedUserAreKeptWithoutAddresses() {
        Caller user = api.asNewUser();
        user.awaitFinal(user.submit("erased"));
        keycloak.of(user.subject(), "logged_in")
                .with("ip_address", "198.51.100.7")
                .send();
        keycloak.of(user.subject(), "login_failed")
                .with("ip_address", "198.51.100.8")
                .send();
        keycloak.of(user.subject(), "roles_changed")
                .with("actor", Map.of("user_id", "the-admin", "ip_address", "198.51.100.9"))
                .send();
        keycloak.of(user.subject(), "deleted")
                .with("ip_address", "198.51.100.7")
                .send();

        List<JsonNode> lines = await().atMost(TIMEOUT)
                .until(
                        () -> lines("user_id=" + user.subject()),
                        found -> found.size() == 6
                                && found.stream()
                                                .filter(line -> line.has("ip_address"))
                                                .count()
                                        == 1);

        assertThat(lines)
                .extracting(line -> line.path("action").asString())
                .containsExactlyInAnyOrder(
                        "task.submitted",
                        "user.logged_in",
                        "user.login_failed",
                        "user.roles_changed",
                        "user.deleted",
                        "user.erased");
        assertThat(lines.toString()).contains("198.51.100.9").doesNotContain("198.51.100.7", "198.51.100.8");
        JsonNode erased = lines.stream()
                .filter(line -> line.path("action").asString().equals("user.erased"))
                .findFirst()
                .orElseThrow();
        assertThat(detail(erased, "accounts")).isEqualTo("1");
        assertThat(detail(erased, "tasks")).isEqualTo("1");
    }

    @Test
    void entriesAreDeletedAfterTheConfiguredTime() {
        String userId = UUID.randomUUID().toString();
        List<Document> old = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            old.add(line(userId, Instant.now().minus(Duration.ofDays(91))));
        }
        old.add(line(userId, Instant.now().minus(Duration.ofDays(89))));
        mongo.getCollection("audit").insertMany(old);

        try (SecondInstance second = SecondInstance.start(environment, server, "perch.audit.sweep-interval=200ms")) {
            assertThat(second.api().withToken(null).get("/").status()).isEqualTo(200);
            await().atMost(TIMEOUT).until(() -> mongo.count(byUser(userId), "audit") == 1);
        }
    }

    private static Document line(String userId, Instant at) {
        return new Document("_id", UUID.randomUUID().toString())
                .append("created_at", Date.from(at))
                .append("action", "user.logged_in")
                .append("user_id", userId)
                .append("details", new Document());
    }

    private static BasicQuery byUser(String userId) {
        return new BasicQuery(new Document("user_id", userId));
    }

    private String stored(String userId) {
        return mongo.find(byUser(userId), Document.class, "audit").toString();
    }

    private List<JsonNode> awaitLines(String filter, int count) {
        return await().atMost(TIMEOUT).until(() -> lines(filter), found -> found.size() == count);
    }

    private List<JsonNode> lines(String filter) {
        return admin.get("/admin/audit?limit=100&" + filter)
                .body()
                .path("items")
                .valueStream()
                // Without the entries for these requests
                .filter(line -> !line.path("actor_id").asString().equals(admin.subject()))
                .toList();
    }

    private static String detail(JsonNode line, String name) {
        return line.path("details").path(name).asString();
    }
}
