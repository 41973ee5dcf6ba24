package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.PageBrowser;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.ClientResource;
import org.keycloak.representations.idm.AuthenticationExecutionInfoRepresentation;
import org.keycloak.representations.idm.AuthenticatorConfigRepresentation;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/**
 * A token that Keycloak no longer accepts is void for a consumer too. First {@code userinfo} accepts the token, then it refuses it,
 * and the events make it void. There is a test for each row of the table in {@code docs/user-events.md}.
 */
@ExtendWith(EventsServer.Shared.class)
@SuppressWarnings("NullAway.Init") // JUnit's methods set the fields
class EndedTokensIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private static final List<String> FIGURES = Collections.synchronizedList(new ArrayList<>());

    private static KafkaBroker broker;
    private static KeycloakProcess keycloak;
    private static Keycloak admin;

    private EventsRealm events;
    private String userId;

    @BeforeAll
    static void findServers(EventsServer servers) {
        broker = servers.broker();
        keycloak = servers.keycloak();
        admin = servers.admin();
    }

    @AfterAll
    static void showFigures() {
        System.out.println("\nFrom the end at Keycloak until the event is in Kafka, polled:");
        FIGURES.forEach(System.out::println);
    }

    @BeforeEach
    void createRealm() {
        events = new EventsRealm(keycloak.address(), admin);
        ClientRepresentation other = new ClientRepresentation();
        other.setClientId("other");
        other.setPublicClient(true);
        other.setDirectAccessGrantsEnabled(true);
        other.setRedirectUris(List.of("http://localhost/app"));
        events.realm.clients().create(other).close();
        userId = events.addUser("ada");
    }

    @Test
    void aRevokedRefreshTokenEndsItsAccessTokens() {
        IssuedToken token = events.token("app", "ada");

        ends("revocation by refresh token", token, () -> events.revoke("app", token.refreshToken()));
    }

    @Test
    void aRevokedAccessTokenEndsNoOtherToken() {
        IssuedToken token = events.token("app", "ada");

        ends("revocation by access token", token, () -> events.revoke("app", token.accessToken()));

        goesOn(events.refreshed("app", token));
    }

    @Test
    void aRevokedOfflineTokenEndsItsAccessTokens() {
        IssuedToken token = events.token("app", "ada", "openid offline_access");

        ends("revocation by offline token", token, () -> events.revoke("app", token.refreshToken()));
    }

    @Test
    void theSecondUseOfARefreshTokenEndsTheTokensOfTheFirst() {
        change(realm -> realm.setRevokeRefreshToken(true));
        IssuedToken first = events.token("app", "ada");
        // Keycloak detects a reused token by the second of its issue
        awaitSecondAfter(first);
        IssuedToken second = events.refreshed("app", first);

        ends("reuse of a refresh token", second, () -> events.refresh("app", first.refreshToken()));

        assertTrue(events.refresh("app", second.refreshToken()).has("error"));
    }

    @Test
    void aWrongRefreshTokenEndsNothing() {
        change(realm -> realm.setRevokeRefreshToken(true));
        IssuedToken token = events.token("app", "ada");

        assertTrue(events.refresh("other", token.refreshToken()).has("error"));
        assertTrue(events.refresh("app", token.accessToken()).has("error"));
        assertTrue(events.refresh("app", "nonsense").has("error"));

        goesOn(token);
    }

    @Test
    void theSecondUseOfACodeEndsTheTokensOfTheFirst() {
        String code = code(new PageBrowser(), "app", "", "ada");
        IssuedToken token = IssuedToken.of(events.exchange("app", code));

        ends("code used twice", token, () -> events.exchange("app", code));
    }

    @Test
    void consentThatTheUserWithdrawsEndsTheClientsSessions() {
        IssuedToken token = events.token("app", "ada");
        assertEquals(200, events.consent(token, "POST", "app"));

        ends("consent withdrawn by the user", token, () -> events.consent(token, "DELETE", "app"));

        goesOn(events.token("other", "ada"));
    }

    @Test
    void consentThatAnAdministratorWithdrawsEndsTheClientsSessions() {
        IssuedToken token = events.token("app", "ada");
        IssuedToken elsewhere = events.token("other", "ada");
        assertEquals(200, events.consent(token, "POST", "app"));

        ends(
                "consent withdrawn by an administrator",
                token,
                () -> events.realm.users().get(userId).revokeConsent("app"));

        goesOn(elsewhere);
    }

    @Test
    void consentThatWasNeverGivenEndsNothing() {
        IssuedToken token = events.token("app", "ada");

        assertEquals(204, events.consent(token, "DELETE", "other"));

        goesOn(token);
        goesOn(events.token("other", "ada"));
    }

    @Test
    void theOldestSessionEndsIfThereAreTooMany() {
        limitSessions();
        IssuedToken token = events.token("app", "ada");

        ends("session limit", token, () -> events.token("app", "ada"));
    }

    @Test
    void aSignOutEndsTheSession() {
        IssuedToken token = events.token("app", "ada");
        IssuedToken elsewhere = events.token("app", "ada");

        ends("sign-out", token, () -> events.signOut(token.refreshToken()));

        goesOn(elsewhere);
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
    void aNewPasswordEndsTheOtherSessions() {
        IssuedToken token = events.token("app", "ada");
        IssuedToken own = events.token("app", "ada");

        ends("password changed, other sessions ended", token, () -> events.changePassword(own, "a new one for Ada"));

        goesOn(own);
    }

    @Test
    void anAdministratorDisablesAUser() {
        IssuedToken token = events.token("app", "ada");
        UserRepresentation user = events.realm.users().get(userId).toRepresentation();
        user.setEnabled(false);

        ends(
                "user disabled by the Admin API",
                token,
                () -> events.realm.users().get(userId).update(user));
    }

    @Test
    void aUserIsDeleted() {
        IssuedToken token = events.token("app", "ada");

        ends("user deleted", token, () -> events.realm.users().get(userId).remove());
    }

    @Test
    void aUserIsOverwrittenByAnImport() {
        IssuedToken token = events.token("app", "ada");

        endsForConsumers("user overwritten by a partial import", token, () -> events.overwrite(userId, "ada"));
    }

    @Test
    void tokensOfAClientThatAreTooOldEnd() {
        IssuedToken token = events.token("app", "ada");
        IssuedToken elsewhere = events.token("other", "ada");

        ends("not-before of a client", token, () -> change("app", client -> client.setNotBefore(inASecond())));

        goesOn(elsewhere);
    }

    @Test
    void aClientIsDisabled() {
        IssuedToken token = events.token("app", "ada");
        IssuedToken elsewhere = events.token("other", "ada");

        ends("client disabled", token, () -> change("app", client -> client.setEnabled(false)));

        goesOn(elsewhere);
    }

    @Test
    void aClientIsDeleted() {
        IssuedToken token = events.token("app", "ada");

        ends("client deleted", token, () -> client("app").remove());
    }

    @Test
    void aClientGetsAnotherId() {
        IssuedToken token = events.token("app", "ada");

        ends("client renamed", token, () -> change("app", client -> client.setClientId("renamed")));
    }

    @Test
    void anOtherChangeOfAClientEndsNothing() {
        IssuedToken token = events.token("app", "ada");

        change("app", client -> client.setDescription("the app"));

        goesOn(token);
    }

    @Test
    void aChangeOfAClientWithoutItsClientIdEndsNothing() {
        IssuedToken token = events.token("app", "ada");
        ClientRepresentation change = new ClientRepresentation();
        change.setDescription("the app");

        client("app").update(change);

        goesOn(token);
    }

    @Test
    void tokensOfTheRealmThatAreTooOldEnd() {
        IssuedToken token = events.token("app", "ada");

        ends("not-before of the realm", token, () -> change(realm -> realm.setNotBefore(inASecond())));
    }

    @Test
    void anAdministratorEndsEverySessionOfTheRealm() {
        // A token has its time of issue in whole seconds, so the test waits for the next second
        IssuedToken token = events.token("app", "ada");
        awaitSecondAfter(token);

        ends("all sessions of the realm ended", token, () -> events.realm.logoutAll());
    }

    @Test
    void theRealmIsDisabled() {
        IssuedToken token = events.token("app", "ada");

        endsForConsumers("realm disabled", token, () -> change(realm -> realm.setEnabled(false)));
    }

    @Test
    void theRealmIsDeleted() {
        IssuedToken token = events.token("app", "ada");

        ends("realm deleted", token, () -> events.realm.remove());

        assertEquals(
                List.of("io.perch.realm.sessions_ended"),
                broker.received().stream()
                        .filter(event -> event.data().path("realm").asText().equals(events.name))
                        .map(ReceivedEvent::type)
                        .filter(type -> type.endsWith(".sessions_ended"))
                        .toList());
    }

    @Test
    void theRealmGetsAnotherName() {
        IssuedToken token = events.token("app", "ada");

        ends("realm renamed", token, () -> change(realm -> realm.setRealm("renamed-" + events.name)));
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

    /** Accepted before; refused afterwards by Keycloak and by consumers of the events. */
    private void ends(String how, IssuedToken token, Runnable end) {
        endsForConsumers(how, token, end);
        assertNotEquals(200, events.userinfo(token), "accepted by Keycloak after: " + how);
    }

    /**
     * Accepted before, refused afterwards by consumers of the events. Keycloak's {@code userinfo} does not check whether the realm
     * is enabled, and does not notice that another user has the same id.
     */
    private void endsForConsumers(String how, IssuedToken token, Runnable end) {
        assertEquals(200, events.userinfo(token), "accepted before");
        assertFalse(VoidTokens.isVoid(broker.received(), events.name, token), "void before");
        end.run();
        long done = System.nanoTime();
        Awaitility.await(how)
                .atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> VoidTokens.isVoid(broker.received(), events.name, token));
        FIGURES.add("%-55s %5.0f ms".formatted(how, (System.nanoTime() - done) / 1e6));
    }

    /** Accepted by Keycloak and by consumers of the events. */
    private void goesOn(IssuedToken token) {
        String marker = events.addUserWithoutPassword("marker-" + System.nanoTime());
        Awaitility.await().atMost(TIMEOUT).until(() -> broker.received().stream()
                .anyMatch(event -> event.key().equals(marker)));
        assertFalse(VoidTokens.isVoid(broker.received(), events.name, token), "void");
        assertEquals(200, events.userinfo(token), "accepted");
    }

    private static void awaitSecondAfter(IssuedToken token) {
        Awaitility.await().until(() -> System.currentTimeMillis() / 1000 > token.issuedAt());
    }

    private static int inASecond() {
        return (int) (System.currentTimeMillis() / 1000) + 1;
    }

    private void change(Consumer<RealmRepresentation> change) {
        RealmRepresentation realm = events.realm.toRepresentation();
        change.accept(realm);
        events.realm.update(realm);
    }

    private void change(String clientId, Consumer<ClientRepresentation> change) {
        ClientResource client = client(clientId);
        ClientRepresentation representation = client.toRepresentation();
        change.accept(representation);
        client.update(representation);
    }

    private ClientResource client(String clientId) {
        return events.realm
                .clients()
                .get(events.realm.clients().findByClientId(clientId).get(0).getId());
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

    private String code(PageBrowser browser, String client, String more, String username) {
        browser.open(events.authorization(client, more));
        browser.submit("username", username, "password", EventsRealm.PASSWORD, "credentialId", "");
        return code(browser);
    }

    private static String code(PageBrowser browser) {
        URI address = browser.address();
        assertEquals("/app", address.getPath(), address::toString);
        for (String parameter : address.getQuery().split("&", -1)) {
            if (parameter.startsWith("code=")) {
                return parameter.substring("code=".length());
            }
        }
        throw new AssertionError("No code in " + address);
    }
}
