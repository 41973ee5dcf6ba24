package io.perch.systemtests.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.AuthApi;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.Mailbox;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.client.TestUser;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sessions, deleted and imported users, and the actors in the audit log. */
@PerchSystemTest
class SessionTrialsIT {

    private static final Duration REFUSAL_LIMIT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String PASSWORD = "correct horse battery";
    private static final JsonMapper JSON = new JsonMapper();

    private final PerchSystem system;
    private final PerchRealm realm;
    private final AuthApi auth;

    @AutoClose
    private final KeycloakAdmin admin;

    SessionTrialsIT(PerchSystem system) {
        this.system = system;
        this.realm = new PerchRealm(system);
        this.auth = new AuthApi(system);
        this.admin = new KeycloakAdmin(system);
    }

    /** keycloak/keycloak#14134: a partial import with OVERWRITE deletes a user and adds the same user again. */
    @Test
    void aUserKeepsTasksAfterAnOverwritingImport() {
        TestUser user = admin.createUser();
        PerchApi before = PerchApi.as(system, user);
        String taskId = before.submit("perch_demo", "any-password");
        before.awaitFinal(taskId);

        Answer imported = admin.send(
                "POST",
                "/partialImport",
                JSON.writeValueAsString(Map.of(
                        "ifResourceExists",
                        "OVERWRITE",
                        "users",
                        List.of(Map.of(
                                "id",
                                user.id(),
                                "username",
                                user.username(),
                                "email",
                                user.username() + "@perch.example",
                                "emailVerified",
                                true,
                                "enabled",
                                true,
                                "credentials",
                                List.of(Map.of("type", "password", "value", user.password())),
                                "realmRoles",
                                List.of("user", "default-roles-perch"))))));
        assertThat(imported.status()).as(imported.body()).isEqualTo(200);

        await().during(Duration.ofSeconds(3))
                .atMost(TIMEOUT)
                .until(() -> PerchApi.as(system, user).get("/tasks/" + taskId).status() == 200);
    }

    /** keycloak PR#6704: a client signs a user out at the revocation endpoint (RFC 7009). */
    @Test
    void anAccessTokenIsRefusedAfterItsRefreshTokenIsRevoked() {
        Answer tokens = signIn(admin.createUser());

        realm.post(
                "/protocol/openid-connect/revoke",
                Map.of("client_id", "perch-cli", "token", tokens.field("refresh_token")));

        assertRefusedEverywhere(tokens.field("access_token"));
    }

    @Test
    void aRevokedAccessTokenIsRefused() {
        Answer tokens = signIn(admin.createUser());

        realm.post(
                "/protocol/openid-connect/revoke",
                Map.of("client_id", "perch-cli", "token", tokens.field("access_token")));

        assertRefusedEverywhere(tokens.field("access_token"));
    }

    /** opensearch-project/security-dashboards-plugin#2311: a stolen refresh token is used a second time. */
    @Test
    void theReuseOfARefreshTokenEndsAllTokensOfTheSession() {
        Answer tokens = signIn(admin.createUser());
        Answer refreshed = realm.refresh("perch-cli", tokens.field("refresh_token"));
        assertThat(refreshed.status()).isEqualTo(200);

        assertThat(realm.refresh("perch-cli", tokens.field("refresh_token")).status())
                .isEqualTo(400);

        assertRefusedEverywhere(refreshed.field("access_token"));
    }

    /** keycloak/keycloak#14040: two tabs refresh at the same time. */
    @Test
    void atMostOneOfParallelRefreshesSucceedsAndBothServersAgree() throws Exception {
        Answer tokens = signIn(admin.createUser());

        List<Answer> answers =
                parallel(4, () -> auth.post("/refresh", Map.of("refresh_token", tokens.field("refresh_token"))));

        assertThat(answers).extracting(Answer::status).allMatch(status -> status < 500);
        List<Answer> won =
                answers.stream().filter(answer -> answer.status() == 200).toList();
        assertThat(won).hasSizeLessThanOrEqualTo(1);
        for (Answer winner : won) {
            String token = winner.field("access_token");
            await().atMost(REFUSAL_LIMIT)
                    .until(() -> (realm.userinfo(token).status() == 200)
                            == (api(token).get("/tasks").status() == 200));
        }
    }

    /** keycloak/keycloak#48272: brute-force protection processes only one sign-in of a user at a time. */
    @Test
    void parallelSignInsWithTheRightPasswordAreNotAnsweredAsWrong() throws Exception {
        TestUser user = admin.createUser();

        List<Answer> answers = parallel(
                6, () -> auth.post("/login", Map.of("username", user.username(), "password", user.password())));

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.status()).as(answer.body()).isIn(200, 429, 503);
            if (answer.status() != 200) {
                assertThat(answer.header("Retry-After")).isPresent();
            }
        });
        assertThat(answers).extracting(Answer::status).contains(200);
    }

    /** better-auth/better-auth#11023: an attacker registers the victim's address with another password. */
    @Test
    void aPasswordSetBeforeTheVerificationDoesNotWork() {
        String address = "victim-" + UUID.randomUUID() + "@perch.example";
        auth.post("/register", Map.of("email", address, "password", PASSWORD));
        String code = Mailbox.of(system, address).awaitCode(1);

        Answer verified = auth.post("/verify-email", Map.of("email", address, "code", code));

        assertThat(verified.status()).as(verified.body()).isLessThan(500);
        assertThat(auth.post("/login", Map.of("email", address, "password", PASSWORD))
                        .status())
                .isEqualTo(401);
    }

    /** keycloak/keycloak#51489: the audit names the victim as the actor. */
    @Test
    void theVictimIsNotTheActorOfAResetOrAnImpersonation() {
        TestUser user = admin.createUser();
        auth.post("/forgot-password", Map.of("email", user.username() + "@perch.example"));
        assertThat(admin.send("POST", "/users/" + user.id() + "/impersonation", "{}")
                        .status())
                .isEqualTo(200);
        PerchApi ada = api(realm.passwordGrant("perch-cli", new TestUser("", "ada", "perch-demo-ada"))
                .field("access_token"));

        List<JsonNode> lines = await().atMost(TIMEOUT)
                .until(
                        () -> ada.get("/admin/audit?limit=100&user_id=" + user.id())
                                .json()
                                .path("items")
                                .valueStream()
                                .toList(),
                        found -> found.stream().anyMatch(line -> line.toString().contains("IMPERSONATE")));

        assertThat(lines)
                .filteredOn(line -> line.toString().contains("IMPERSONATE")
                        || line.path("action").asString("").contains("reset"))
                .allSatisfy(
                        line -> assertThat(line.path("actor_id").asString("")).isNotEqualTo(user.id()));
    }

    /** keycloak/keycloak#51279, #51846: not-before of one client, and a client that is disabled. */
    @ParameterizedTest
    @ValueSource(strings = {"notBefore", "enabled"})
    void aTokenEndsWithTheRightsOfItsClient(String changed) {
        String clientId = TrialClient.create(admin, "http://localhost/trial", Map.of());
        String token = realm.passwordGrant(clientId, admin.createUser()).field("access_token");
        assertThat(api(token).get("/tasks").status()).isEqualTo(200);
        Object value =
                changed.equals("enabled") ? false : Instant.now().plusSeconds(1).getEpochSecond();

        String path = "/clients/" + admin.client(clientId).path("id").asString();
        Answer change = admin.send("PUT", path, JSON.writeValueAsString(Map.of("clientId", clientId, changed, value)));

        assertThat(change.status()).as(change.body()).isEqualTo(204);
        assertRefusedEverywhere(token);
    }

    private Answer signIn(TestUser user) {
        Answer tokens = realm.passwordGrant("perch-cli", user);
        assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
        assertThat(api(tokens.field("access_token")).get("/tasks").status()).isEqualTo(200);
        return tokens;
    }

    private void assertRefusedEverywhere(String token) {
        await().atMost(REFUSAL_LIMIT).until(() -> realm.userinfo(token).status() == 401);
        await().atMost(REFUSAL_LIMIT).until(() -> api(token).get("/tasks").status() == 401);
    }

    private PerchApi api(String token) {
        return PerchApi.withToken(system, token);
    }

    private static List<Answer> parallel(int times, Callable<Answer> call) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(times);
        try {
            List<Future<Answer>> calls = executor.invokeAll(Collections.nCopies(times, call), 60, TimeUnit.SECONDS);
            var answers = new ArrayList<Answer>();
            for (Future<Answer> each : calls) {
                answers.add(each.get());
            }
            return answers;
        } finally {
            executor.shutdown();
        }
    }
}
