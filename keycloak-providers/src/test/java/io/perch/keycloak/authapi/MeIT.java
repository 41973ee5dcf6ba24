package io.perch.keycloak.authapi;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.EventRepresentation;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

@KeycloakIntegrationTest(config = PackagedProviders.class)
class MeIT extends AuthApiInAServer {

    @Test
    void onlyTheOwnerReadsTheProfile() {
        String id = realm.user("alice");
        Answer me = api.get("/me", signIn("alice"));
        assertEquals(200, me.status());
        assertEquals(id, me.text("user_id"));
        assertEquals("alice@perch.example", me.text("email"));
        assertTrue(me.json().path("email_verified").asBoolean());
        Answer nobody = api.get("/me");
        assertEquals(401, nobody.status());
        assertEquals("unauthorized", nobody.error());
        assertTrue(nobody.header("www-authenticate").startsWith("Bearer "));
    }

    @Test
    void onlyAnAccessTokenForThisApiIsAccepted() {
        realm.user("alice");
        Answer tokens = api.login("alice", AuthApiRealm.PASSWORD);
        assertEquals(401, api.get("/me", "Authorization", "Bearer nonsense").status());
        assertEquals(401, api.get("/me", "Authorization", "Bearer").status());
        assertEquals(401, api.get("/me", "Authorization", "Basic YTpi").status());
        assertEquals(
                401,
                api.get("/me", "Authorization", "Bearer " + tokens.text("refresh_token"))
                        .status());
        assertEquals(
                401, api.get("/me?access_token=" + tokens.text("access_token")).status());
        realm.change(settings -> settings.getAttributes().put(Settings.AUDIENCE, "perch-api"));
        assertEquals(401, api.get("/me", AuthApi.bearer(tokens)).status());
    }

    @Test
    void absentMembersStayAndEmptyOnesAreRemoved() {
        realm.user("alice");
        String[] alice = signIn("alice");
        Answer changed = api.put("/me", "{\"first_name\":\"Älice\",\"phone_number\":\"+493023125000\"}", alice);
        assertEquals(200, changed.status());
        assertEquals("Älice", changed.text("first_name"));
        assertEquals("alice@perch.example", changed.text("email"));
        Answer cleared = api.put("/me", "{\"phone_number\":null}", alice);
        assertFalse(cleared.json().has("phone_number"));
        assertEquals("Älice", cleared.text("first_name"));
        EventRepresentation event = realm.events("UPDATE_PROFILE").get(1);
        assertEquals("Älice", event.getDetails().get("updated_first_name"));
        assertEquals("ACCOUNT", event.getDetails().get("context"));
    }

    @Test
    void wrongValuesAndReadOnlyOnesAreRefused() {
        realm.user("alice");
        realm.user("bob");
        String[] alice = signIn("alice");
        Answer wrong = api.put("/me", "{\"email\":\"x\",\"phone_number\":\"1\",\"roles\":[\"admin\"]}", alice);
        assertEquals(400, wrong.status());
        assertEquals(List.of("/roles"), wrong.pointers());
        assertEquals(
                List.of("/email", "/phone_number"),
                api.put("/me", "{\"email\":\"x\",\"phone_number\":\"1\"}", alice)
                        .pointers());
        assertEquals(
                List.of("/username"),
                api.put("/me", "{\"username\":\"ada\"}", alice).pointers());
        Answer taken = api.put("/me", "{\"email\":\"bob@perch.example\"}", alice);
        assertEquals(409, taken.status());
        assertEquals(List.of("/email"), taken.pointers());
        assertEquals("alice@perch.example", api.get("/me", alice).text("email"));
    }

    @Test
    void aChangedAddressIsUnverifiedAgain() {
        realm.user("alice");
        String[] alice = signIn("alice");
        Answer answer = api.put("/me", "{\"email\":\"new@perch.example\"}", alice);
        assertEquals("new@perch.example", answer.text("email"));
        assertFalse(answer.json().path("email_verified").asBoolean());
        assertEquals(
                "alice@perch.example",
                realm.events("UPDATE_PROFILE").get(0).getDetails().get("previous_email"));
    }

    @Test
    void aDeletedAccountIsGone() {
        realm.allowDeletion(realm.user("alice"));
        String[] alice = signIn("alice");
        assertEquals(204, api.delete("/me", alice).status());
        assertEquals(401, api.get("/me", alice).status());
        assertEquals(401, api.login("alice", AuthApiRealm.PASSWORD).status());
        assertEquals("alice", realm.events("DELETE_ACCOUNT").get(0).getDetails().get("username"));
    }

    @Test
    void aNewPasswordEndsTheOtherSessions() {
        realm.user("alice");
        Answer here = api.login("alice", AuthApiRealm.PASSWORD);
        Answer there = api.login("alice", AuthApiRealm.PASSWORD);
        assertEquals(
                204,
                api.post(
                                "/me/password",
                                "{\"current_password\":\"correct horse battery\",\"new_password\":\"another horse battery\"}",
                                AuthApi.bearer(here))
                        .status());
        assertEquals(200, api.get("/me", AuthApi.bearer(here)).status());
        assertEquals(401, api.get("/me", AuthApi.bearer(there)).status());
        assertEquals(400, api.refresh(there.text("refresh_token")).status());
        assertEquals(200, api.refresh(here.text("refresh_token")).status());
        assertEquals(401, api.login("alice", AuthApiRealm.PASSWORD).status());
        assertEquals(200, api.login("alice", "another horse battery").status());
        assertEquals(1, realm.events("UPDATE_CREDENTIAL").size());
        assertEquals(1, realm.events("UPDATE_PASSWORD").size());
    }

    @Test
    void aNewPasswordNeedsTheCurrentOneAndFollowsThePolicy() {
        realm.user("alice");
        String[] alice = signIn("alice");
        Answer wrong = api.post(
                "/me/password", "{\"current_password\":\"wrong\",\"new_password\":\"another horse battery\"}", alice);
        assertEquals(401, wrong.status());
        assertEquals("invalid_credentials", wrong.error());
        for (String refused : List.of("short", AuthApiRealm.PASSWORD)) {
            Answer policy = api.post(
                    "/me/password",
                    "{\"current_password\":\"correct horse battery\",\"new_password\":\"%s\"}".formatted(refused),
                    alice);
            assertEquals(400, policy.status());
            assertEquals(List.of("/new_password"), policy.pointers());
        }
        assertEquals(
                List.of("/current_password", "/new_password"),
                api.post("/me/password", "{}", alice).pointers());
    }

    @Test
    void wrongCurrentPasswordsLockTheAccount() {
        String id = realm.user("alice");
        realm.change(settings -> {
            settings.setBruteForceProtected(true);
            settings.setFailureFactor(3);
            settings.setQuickLoginCheckMilliSeconds(0L);
        });
        String[] alice = signIn("alice");
        for (int i = 1; i <= 3; i++) {
            api.post(
                    "/me/password",
                    "{\"current_password\":\"wrong\",\"new_password\":\"another horse battery\"}",
                    alice);
            // Keycloak counts in the background and may lose one of two simultaneous counts
            int failures = i;
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> Objects.equals(
                            failures,
                            realm.admin()
                                    .attackDetection()
                                    .bruteForceUserStatus(id)
                                    .get("numFailures")));
        }
        assertEquals(
                true, realm.admin().attackDetection().bruteForceUserStatus(id).get("disabled"));
        assertEquals(401, api.login("alice", AuthApiRealm.PASSWORD).status());
        assertEquals(
                401,
                api.post(
                                "/me/password",
                                "{\"current_password\":\"correct horse battery\",\"new_password\":\"another horse battery\"}",
                                alice)
                        .status());
    }

    @Test
    void parallelGuessesOfTheCurrentPasswordGetNoMoreThanTheLockAllows() {
        realm.user("alice");
        realm.change(settings -> {
            settings.setBruteForceProtected(true);
            settings.setFailureFactor(3);
            settings.setQuickLoginCheckMilliSeconds(0L);
        });
        String[] alice = signIn("alice");
        for (int wave = 0; wave < 3; wave++) {
            List<Answer> answers = atOnce(
                    40,
                    () -> api.post(
                            "/me/password",
                            "{\"current_password\":\"wrong\",\"new_password\":\"another horse battery\"}",
                            alice));
            assertTrue(
                    answers.stream()
                            .allMatch(answer -> answer.status() == 503
                                    ? answer.header("retry-after").equals("1")
                                    : answer.error().equals("invalid_credentials")),
                    answers::toString);
        }
        assertEquals(3, wrongPasswords("UPDATE_CREDENTIAL_ERROR"));
        assertEquals(401, api.login("alice", AuthApiRealm.PASSWORD).status());
    }

    @Test
    void sessionsAreListedAndEnded() {
        realm.user("alice");
        realm.user("bob");
        Answer here = api.login("alice", AuthApiRealm.PASSWORD);
        Answer there = api.login("alice", AuthApiRealm.PASSWORD);
        Answer bob = api.login("bob", AuthApiRealm.PASSWORD);
        Answer sessions = api.get("/me/sessions", AuthApi.bearer(here));
        assertEquals(2, sessions.json().path("sessions").size());
        String other = sessionId(sessions, false);
        assertEquals(
                404, api.delete("/me/sessions/" + other, AuthApi.bearer(bob)).status());
        assertEquals(
                204, api.delete("/me/sessions/" + other, AuthApi.bearer(here)).status());
        assertEquals(401, api.get("/me", AuthApi.bearer(there)).status());
        assertEquals(
                404, api.delete("/me/sessions/" + other, AuthApi.bearer(here)).status());
        assertEquals(
                204,
                api.delete("/me/sessions/" + sessionId(sessions, true), AuthApi.bearer(here))
                        .status());
        assertEquals(401, api.get("/me", AuthApi.bearer(here)).status());
        assertEquals(2, realm.events("LOGOUT").size());
    }

    private static String sessionId(Answer sessions, boolean current) {
        for (var session : sessions.json().path("sessions")) {
            if (session.path("current").asBoolean() == current) {
                return session.path("id").asText();
            }
        }
        throw new AssertionError(sessions.body());
    }

    private String[] signIn(String name) {
        return AuthApi.bearer(api.login(name, AuthApiRealm.PASSWORD));
    }
}
