package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.perch.keycloak.PageBrowser;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.AuthenticationExecutionInfoRepresentation;
import org.keycloak.representations.idm.AuthenticatorConfigRepresentation;

/** Tokens end because their session ends. */
class EndedSessionsIT extends EndedTokensInAServer {

    @Test
    void aSignOutEndsTheSession() {
        IssuedToken token = events.token("app", "ada");
        IssuedToken elsewhere = events.token("app", "ada");

        ends("sign-out", token, () -> events.signOut(token.refreshToken()));

        goesOn(elsewhere);
    }

    @Test
    void theOldestSessionEndsIfThereAreTooMany() {
        limitSessions();
        IssuedToken token = events.token("app", "ada");

        ends("session limit", token, () -> events.token("app", "ada"));
    }

    private void limitSessions() {
        events.realm.flows().copy("direct grant", Map.of("newName", "limited")).close();
        events.realm.flows().addExecution("limited", Map.of("provider", "user-session-limits"));
        AuthenticationExecutionInfoRepresentation limit = events.realm.flows().getExecutions("limited").stream()
                .filter(execution -> "user-session-limits".equals(execution.getProviderId()))
                .findFirst()
                .orElseThrow();
        limit.setRequirement("REQUIRED");
        events.realm.flows().updateExecutions("limited", limit);
        AuthenticatorConfigRepresentation config = new AuthenticatorConfigRepresentation();
        config.setAlias("one");
        config.setConfig(Map.of(
                "userRealmLimit", "1",
                "userClientLimit", "0",
                "behavior", "Terminate oldest session"));
        try (Response response = events.realm.flows().newExecutionConfig(limit.getId(), config)) {
            assertEquals(201, response.getStatus());
        }
        change(realm -> realm.setDirectGrantFlow("limited"));
    }

    @Test
    void aNewPasswordEndsTheOtherSessions() {
        IssuedToken token = events.token("app", "ada");
        IssuedToken own = events.token("app", "ada");

        ends("password changed, other sessions ended", token, () -> events.changePassword(own, "a new one for Ada"));

        goesOn(own);
    }

    @Test
    void aNewSignInInTheSameBrowserEndsTheEarlierSession() {
        events.addUser("mona");
        PageBrowser browser = new PageBrowser();
        IssuedToken token = IssuedToken.of(events.exchange("app", code(browser, "app", "", "ada")));
        // A login page that was opened before the first sign-in
        browser.removeCookie("AUTH_SESSION_ID");
        String identity = browser.removeCookie("KEYCLOAK_IDENTITY");
        browser.open(events.authorization("app", ""));
        browser.remember("KEYCLOAK_IDENTITY", identity);

        ends("another sign-in in the same browser", token, () -> {
            browser.submit("username", "mona", "password", EventsRealm.PASSWORD, "credentialId", "");
            code(browser);
        });
    }

    @Test
    void anAdministratorEndsASession() {
        IssuedToken token = events.token("app", "ada");

        ends("session ended by an administrator", token, () -> events.realm.deleteSession(token.claim("sid"), false));
    }

    @Test
    void anAdministratorEndsAnOfflineSession() {
        IssuedToken token = events.token("app", "ada", "openid offline_access");

        ends(
                "offline session ended by an administrator",
                token,
                () -> events.realm.deleteSession(token.claim("sid"), true));
    }

    @Test
    void anAdministratorEndsAllSessionsOfAUser() {
        IssuedToken token = events.token("app", "ada");

        ends(
                "all sessions of a user ended (not-before of the user)",
                token,
                () -> events.realm.users().get(userId).logout());
    }

    @Test
    void anImpersonationEndsTheAdministratorsSessionAndCanBeEnded() {
        IssuedToken own = administrator();
        PageBrowser browser = new PageBrowser();

        ends("the administrator's own session", own, () -> events.impersonate(browser, own, userId));

        browser.open(events.authorization("app", ""));
        IssuedToken token = IssuedToken.of(events.exchange("app", code(browser)));
        assertEquals(userId, token.claim("sub"));
        ends("impersonation ended", token, () -> events.realm.deleteSession(token.claim("sid"), false));
        assertActor(own.claim("sub"), "IMPERSONATE");
        assertActor(own.claim("sub"), "LOGIN");
    }

    /** A token of an administrator who is a user of the same realm. */
    private IssuedToken administrator() {
        String id = events.addUser("boss");
        String management =
                events.realm.clients().findByClientId("realm-management").get(0).getId();
        events.realm
                .users()
                .get(id)
                .roles()
                .clientLevel(management)
                .add(List.of(events.realm
                        .clients()
                        .get(management)
                        .roles()
                        .get("realm-admin")
                        .toRepresentation()));
        return events.token("app", "boss");
    }

    private void assertActor(String actor, String keycloakType) {
        List<ReceivedEvent> published = Awaitility.await()
                .atMost(TIMEOUT)
                .until(
                        () -> broker.received().stream()
                                .filter(event -> event.key().equals(userId)
                                        && event.data()
                                                .path("keycloak_type")
                                                .asText()
                                                .equals(keycloakType))
                                .toList(),
                        all -> !all.isEmpty());
        assertEquals(
                actor,
                published
                        .get(published.size() - 1)
                        .data()
                        .path("actor")
                        .path("user_id")
                        .asText(),
                published::toString);
    }

    @Test
    void anEndHasTheFormOfASecurityEventToken() {
        IssuedToken token = events.token("app", "ada");
        events.signOut(token.refreshToken());

        JsonNode event = Awaitility.await()
                .atMost(TIMEOUT)
                .until(
                        () -> broker.received().stream()
                                .filter(one ->
                                        one.key().equals(userId) && one.type().equals("io.perch.user.logged_out"))
                                .toList(),
                        all -> !all.isEmpty())
                .get(0)
                .data()
                .path("security_event");

        assertEquals(token.claim("iss"), event.path("iss").asText());
        assertEquals("complex", event.path("sub_id").path("format").asText());
        JsonNode user = event.path("sub_id").path("user");
        assertEquals("iss_sub", user.path("format").asText());
        assertEquals(token.claim("iss"), user.path("iss").asText());
        assertEquals(userId, user.path("sub").asText());
        assertEquals(
                token.claim("sid"),
                event.path("sub_id").path("session").path("id").asText());
        JsonNode content =
                event.path("events").path("https://schemas.openid.net/secevent/caep/event-type/session-revoked");
        assertTrue(content.path("event_timestamp").asLong() > 1_700_000_000L);
        assertEquals("user", content.path("initiating_entity").asText());
    }
}
