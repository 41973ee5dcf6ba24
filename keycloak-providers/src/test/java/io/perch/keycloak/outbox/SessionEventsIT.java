package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.UserRepresentation;

/** The events of sign-ins and of sessions: the contract of {@code docs/user-events.md}. */
class SessionEventsIT extends EventsInAServer {

    @Test
    void aSignInAndASignOutArePublishedWithTheSession() {
        String id = events.addUser("ada");
        JsonNode tokens = events.signIn("ada", EventsRealm.PASSWORD);
        events.signIn("ada", "wrong");
        events.signOut(tokens.path("refresh_token").asText());

        ReceivedEvent login = await(id, "io.perch.user.logged_in").get(0);
        ReceivedEvent failed = await(id, "io.perch.user.login_failed").get(0);
        ReceivedEvent logout = await(id, "io.perch.user.logged_out").get(0);

        assertEquals("LOGIN", login.data().path("keycloak_type").asText());
        assertEquals("app", login.data().path("client_id").asText());
        assertEquals("127.0.0.1", login.data().path("ip_address").asText());
        assertEquals(
                login.data().path("session_id").asText(),
                logout.data().path("session_id").asText());
        assertEquals("invalid_user_credentials", failed.data().path("error").asText());
        assertEquals(id, login.data().path("actor").path("user_id").asText());
        assertEquals("app", login.data().path("actor").path("client_id").asText());
        assertFalse(failed.data().path("actor").has("user_id"));
        assertTrue(login.sequence() < failed.sequence() && failed.sequence() < logout.sequence());
        assertTrue(login.data().path("user").isMissingNode());
    }

    @Test
    void refusedSignInsOfUnknownUsersDoNotWaitForEachOther() {
        String realmId = events.realm.toRepresentation().getId();
        for (int i = 0; i < 5; i++) {
            events.signIn("nobody-" + i, "wrong");
        }
        events.realm.logoutAll();
        await(realmId, "io.perch.realm.sessions_ended");

        List<ReceivedEvent> refused = Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .until(
                        () -> broker.received().stream()
                                .filter(event -> event.type().equals("io.perch.user.login_failed")
                                        && event.data().path("realm").asText().equals(events.name))
                                .toList(),
                        all -> all.size() == 5);
        assertEquals(5, refused.stream().map(ReceivedEvent::key).distinct().count());
        assertFalse(refused.stream().anyMatch(event -> event.key().equals(realmId)));
        assertFalse(refused.get(0).event().has("subject"));
        assertFalse(refused.get(0).data().path("actor").has("user_id"));
    }

    @Test
    void aLogoutByAnAdministratorNamesEverySession() {
        String id = events.addUser("ada");
        String one =
                events.signIn("ada", EventsRealm.PASSWORD).path("session_state").asText();
        String other =
                events.signIn("ada", EventsRealm.PASSWORD).path("session_state").asText();
        events.realm.users().get(id).logout();

        ReceivedEvent all = await(id, "io.perch.user.sessions_ended").get(0);
        List<ReceivedEvent> each = await(id, "io.perch.user.session_ended", 2);

        assertTrue(all.data().path("not_before").asLong() > 0);
        assertEquals(
                List.of(one, other).stream().sorted().toList(),
                each.stream()
                        .map(event -> event.data().path("session_id").asText())
                        .sorted()
                        .toList());
    }

    @Test
    void aSessionThatAnAdministratorEndsIsPublishedForItsUser() {
        String id = events.addUser("ada");
        String session =
                events.signIn("ada", EventsRealm.PASSWORD).path("session_state").asText();
        events.realm.deleteSession(session, false);

        ReceivedEvent event = await(id, "io.perch.user.session_ended").get(0);

        assertEquals(session, event.data().path("session_id").asText());
    }

    @Test
    void disablingAUserEndsAllEarlierTokens() {
        String id = events.addUser("ada");
        UserRepresentation user = events.realm.users().get(id).toRepresentation();
        user.setEnabled(false);
        events.realm.users().get(id).update(user);

        ReceivedEvent updated = await(id, "io.perch.user.updated").get(0);
        ReceivedEvent ended = await(id, "io.perch.user.sessions_ended").get(0);

        assertFalse(updated.data().path("user").path("enabled").asBoolean(true));
        assertTrue(ended.data().path("not_before").asLong() > 0);
    }

    @Test
    void theEndOfAllSessionsOfARealmIsPublishedForTheRealm() {
        events.realm.logoutAll();
        String realmId = events.realm.toRepresentation().getId();

        ReceivedEvent event = await(realmId, "io.perch.realm.sessions_ended").get(0);

        assertTrue(event.data().path("not_before").asLong() > 0);
        assertFalse(event.event().has("subject"));
    }
}
