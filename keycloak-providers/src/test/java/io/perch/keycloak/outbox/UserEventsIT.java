package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.GroupRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/** The events of users and their data: the contract of {@code docs/user-events.md}. */
class UserEventsIT extends EventsInAServer {

    @Test
    void aNewUserIsPublishedWithTheStateAndWithoutSecrets() {
        String id = events.addUser("ada");

        ReceivedEvent event = await(id, "io.perch.user.registered").get(0);

        assertEquals(id, event.key());
        assertEquals("1.0", event.attribute("specversion"));
        assertEquals("/realms/" + events.name, event.attribute("source"));
        assertEquals(id, event.attribute("subject"));
        assertEquals("application/json", event.attribute("datacontenttype"));
        assertTrue(event.attribute("time").matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
        assertTrue(event.attribute("sequence").matches("\\d{19}"));
        assertEquals(
                "application/cloudevents+json; charset=UTF-8", event.headers().get("content-type"));
        assertEquals(events.name, event.data().path("realm").asText());
        assertEquals("admin:USER/CREATE", event.data().path("keycloak_type").asText());
        assertEquals("admin-cli", event.data().path("actor").path("client_id").asText());
        assertEquals("master", event.data().path("actor").path("realm").asText());
        JsonNode user = event.data().path("user");
        assertEquals("ada", user.path("username").asText());
        assertEquals("ada@perch.example", user.path("email").asText());
        assertTrue(user.path("email_verified").asBoolean());
        assertTrue(user.path("enabled").asBoolean());
        assertEquals("+14155552671", user.path("phone_number").asText());
        assertEquals(
                "de\u2013\u00fc",
                user.path("attributes").path("locale_hint").path(0).asText());
        assertTrue(user.path("roles").toString().contains("default-roles-" + events.name));
        assertFalse(event.text().contains("keep-me-secret"), event.text());
        assertFalse(event.text().contains(EventsRealm.PASSWORD), event.text());
    }

    @Test
    void aChangeIsPublishedWithTheChangedFieldsAndTheNewState() {
        String id = events.addUser("ada");
        UserRepresentation user = events.realm.users().get(id).toRepresentation();
        user.setFirstName("Augusta");
        user.setLastName(null);
        events.realm.users().get(id).update(user);

        ReceivedEvent event = await(id, "io.perch.user.updated").get(0);

        JsonNode changed = event.data().path("changed");
        assertEquals(
                "{\"from\":\"Ada\",\"to\":\"Augusta\"}",
                changed.path("first_name").toString());
        assertEquals("{\"from\":\"Perch\"}", changed.path("last_name").toString());
        assertEquals(2, changed.size());
        assertEquals("Augusta", event.data().path("user").path("first_name").asText());
        assertTrue(event.data().path("user").path("last_name").isMissingNode());
    }

    @Test
    void rolesFromMappingsAndFromGroupsArePublished() {
        String id = events.addUser("ada");
        events.realm
                .users()
                .get(id)
                .roles()
                .realmLevel()
                .add(List.of(events.realm.roles().get("user").toRepresentation()));
        GroupRepresentation group = new GroupRepresentation();
        group.setName("moderators");
        events.realm.groups().add(group).close();
        String groupId = events.realm.groups().groups().get(0).getId();
        events.realm
                .groups()
                .group(groupId)
                .roles()
                .realmLevel()
                .add(List.of(events.realm.roles().get("moderator").toRepresentation()));
        events.realm.users().get(id).joinGroup(groupId);

        List<ReceivedEvent> changes = await(id, "io.perch.user.roles_changed", 2);

        assertTrue(changes.get(0).data().path("user").path("roles").toString().contains("\"user\""));
        assertTrue(changes.get(1).data().path("user").path("roles").toString().contains("\"moderator\""));
        assertTrue(changes.get(1).data().path("changed").has("roles"));
    }

    @Test
    void aChangeOfAGroupsRolesIsPublishedForItsMembers() {
        String id = events.addUser("ada");
        GroupRepresentation group = new GroupRepresentation();
        group.setName("moderators");
        events.realm.groups().add(group).close();
        String groupId = events.realm.groups().groups().get(0).getId();
        events.realm.users().get(id).joinGroup(groupId);
        await(id, "io.perch.user.roles_changed");

        events.realm
                .groups()
                .group(groupId)
                .roles()
                .realmLevel()
                .add(List.of(events.realm.roles().get("moderator").toRepresentation()));

        Awaitility.await().atMost(Duration.ofSeconds(15)).until(() -> of(id, "io.perch.user.snapshot").stream()
                .anyMatch(event ->
                        event.data().path("user").path("roles").toString().contains("\"moderator\"")));
    }

    @Test
    void unlockingAUserIsNoDeletion() {
        RealmRepresentation realm = events.realm.toRepresentation();
        realm.setBruteForceProtected(true);
        realm.setPermanentLockout(true);
        realm.setFailureFactor(1);
        events.realm.update(realm);
        String id = events.addUser("ada");
        events.signIn("ada", "wrong");
        ReceivedEvent locked = await(id, "io.perch.user.updated").get(0);
        UserRepresentation user = events.realm.users().get(id).toRepresentation();
        user.setEnabled(true);
        events.realm.users().get(id).update(user);

        ReceivedEvent unlocked = await(id, "io.perch.user.updated", 2).get(1);

        assertEquals(
                "USER_DISABLED_BY_PERMANENT_LOCKOUT",
                locked.data().path("keycloak_type").asText());
        assertFalse(locked.data().path("user").path("enabled").asBoolean(true));
        assertTrue(unlocked.data().path("user").path("enabled").asBoolean());
        assertEquals(1, of(id, "io.perch.user.sessions_ended").size());
        assertEquals(List.of(), of(id, "io.perch.user.deleted"));
    }

    @Test
    void anEventWithoutAUserIsNotPublishedAsAUserEvent() {
        events.addUser("ada");

        assertEquals(
                List.of(),
                broker.received().stream()
                        .filter(event -> event.key().equals("profile"))
                        .toList());
    }

    @Test
    void aDeletionIsPublishedOnce() {
        String id = events.addUser("ada");
        events.realm.users().get(id).remove();

        ReceivedEvent deleted = await(id, "io.perch.user.deleted").get(0);

        assertEquals("admin:USER/DELETE", deleted.data().path("keycloak_type").asText());
        String other = events.addUser("mona");
        await(other, "io.perch.user.registered");
        assertEquals(1, of(id, "io.perch.user.deleted").size());
    }

    @Test
    void aUserWhomAnImportOverwritesIsPublishedAsChangedNotDeleted() {
        String id = events.addUser("ada");
        events.overwrite(id, "ada");
        String marker = events.addUser("mona");
        await(marker, "io.perch.user.registered");

        assertEquals(List.of(), of(id, "io.perch.user.deleted"));
        ReceivedEvent updated = await(id, "io.perch.user.updated").get(0);
        assertEquals(
                "Augusta",
                updated.data().path("changed").path("first_name").path("to").asText());
        assertEquals("Augusta", updated.data().path("user").path("first_name").asText());
        assertEquals(1, of(id, "io.perch.user.sessions_ended").size());

        events.realm.users().get(id).remove();
        await(id, "io.perch.user.deleted");
    }

    @Test
    void anImportedUserIsPublishedAtOnceAndTheOthersAfterTheSynchronization() {
        try (OldService old = OldService.with("ada", "bob")) {
            String component = old.connectTo(events.realm);
            assertFalse(events.signIn("ada", EventsRealm.PASSWORD)
                    .path("access_token")
                    .isMissingNode());
            String ada = idOf("ada");

            ReceivedEvent event = await(ada, "io.perch.user.registered").get(0);

            assertEquals("USER_IMPORTED", event.data().path("keycloak_type").asText());
            assertEquals("ada", event.data().path("user").path("username").asText());
            assertFalse(event.text().contains("$2"), event.text());
            assertTrue(event.sequence()
                    < await(ada, "io.perch.user.logged_in").get(0).sequence());

            events.realm.userStorage().syncUsers(component, "triggerFullSync");
            await(idOf("bob"), "io.perch.user.snapshot");
        }
    }

    @Test
    void anEventHasTheTraceOfItsRequest() {
        String id = events.addUser("ada");
        String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        events.signIn("ada", EventsRealm.PASSWORD, traceparent);
        events.signIn("ada", EventsRealm.PASSWORD, "nonsense\"}");

        List<ReceivedEvent> logins = await(id, "io.perch.user.logged_in", 2);

        assertEquals(traceparent, logins.get(0).headers().get("traceparent"));
        assertEquals(traceparent, logins.get(0).attribute("traceparent"));
        assertFalse(logins.get(1).headers().containsKey("traceparent"));
        assertFalse(logins.get(1).event().has("traceparent"));
    }

    private String idOf(String username) {
        return events.realm.users().searchByUsername(username, true).get(0).getId();
    }
}
