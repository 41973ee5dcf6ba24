package io.perch.keycloak.outbox;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.representations.idm.AdminEventRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/** Administrators see the events that Kafka refuses, and send them again or delete them. */
class SetAsideEventsIT extends EventsInAServer {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** An event that changes an attribute to {@link #LARGE} has it twice and is larger. All other events are smaller. */
    private static final int MAX_MESSAGE_BYTES = 4_500;

    /** Almost as long as Keycloak allows. */
    private static final String LARGE = "x".repeat(2_000);

    @BeforeEach
    void limitMessages() throws Exception {
        broker.maxMessageBytes(MAX_MESSAGE_BYTES);
    }

    @AfterEach
    void acceptLargeMessages() throws Exception {
        broker.maxMessageBytes(1_048_588);
    }

    @Test
    void theListHasTheReasonAndIsPagedFromTheNewest() {
        String ada = userWithTooLargeEvent("ada", 1);
        String bob = userWithTooLargeEvent("bob", 2);

        JsonNode all = list("");

        assertEquals(List.of(bob, ada), keys(all));
        JsonNode first = all.path(0);
        assertEquals("io.perch.user.updated", first.path("type").asText());
        assertTrue(first.path("reason").asText().startsWith("RecordTooLargeException: "), first::toString);
        assertTrue(first.path("size").asInt() > LARGE.length(), first::toString);
        assertTrue(first.path("created_at").asText().endsWith("Z"), first::toString);
        assertTrue(
                first.path("set_aside_at")
                                .asText()
                                .compareTo(first.path("created_at").asText())
                        >= 0,
                first::toString);
        assertFalse(first.toString().contains("xxx"), "the list has no data of users");
        assertEquals(List.of(bob), keys(list("?max=1")));
        assertEquals(List.of(ada), keys(list("?first=1&max=1")));
        assertEquals(List.of(), keys(list("?first=2")));
    }

    @Test
    void aReplayedEventIsPublishedWithItsIdAndBeforeNewerStatesInTheSequence() throws Exception {
        String ada = userWithTooLargeEvent("ada", 1);
        setHint(ada, "small");
        long newer = await(ada, "io.perch.user.updated", 1).get(0).sequence();
        String id = list("").path(0).path("id").asText();

        broker.maxMessageBytes(1_048_588);
        HttpResponse<String> answer = call("POST", "/" + id + "/replay");

        assertEquals(204, answer.statusCode(), answer.body());
        ReceivedEvent replayed = await(ada, "io.perch.user.updated", 2).get(1);
        assertEquals(id, replayed.id());
        assertTrue(replayed.sequence() < newer, "a projection keeps the newer state");
        assertEquals(LARGE, hint(replayed));
        assertEquals(List.of(), keys(list("")));
        assertEquals(404, call("POST", "/" + id + "/replay").statusCode());
        assertAdminEvent("ACTION", "user-events/set-aside/" + id + "/replay", ada);
    }

    @Test
    void aReplayThatKafkaRefusesAgainSetsTheEventAsideAgain() {
        String ada = userWithTooLargeEvent("ada", 1);
        JsonNode before = list("").path(0);
        String id = before.path("id").asText();

        assertEquals(204, call("POST", "/" + id + "/replay").statusCode());

        Awaitility.await().atMost(TIMEOUT).until(() -> list("").size() == 1);
        JsonNode after = list("").path(0);
        assertEquals(id, after.path("id").asText());
        assertEquals(ada, after.path("key").asText());
        assertEquals(before.path("created_at"), after.path("created_at"));
    }

    @Test
    void aDroppedEventIsGone() {
        String ada = userWithTooLargeEvent("ada", 1);
        String id = list("").path(0).path("id").asText();

        assertEquals(204, call("DELETE", "/" + id).statusCode());

        assertEquals(List.of(), keys(list("")));
        assertEquals(404, call("DELETE", "/" + id).statusCode());
        assertAdminEvent("DELETE", "user-events/set-aside/" + id, ada);
    }

    @Test
    void anotherRealmsEventsDoNotExist() {
        userWithTooLargeEvent("ada", 1);
        String id = list("").path(0).path("id").asText();
        EventsRealm other = new EventsRealm(keycloak.address(), admin);

        assertEquals("[]", other.userEvents("GET", "set-aside", serverAdmin()).body());
        assertEquals(
                404,
                other.userEvents("POST", "set-aside/" + id + "/replay", serverAdmin())
                        .statusCode());
        assertEquals(
                404,
                other.userEvents("DELETE", "set-aside/" + id, serverAdmin()).statusCode());
        assertEquals(1, list("").size());
    }

    @Test
    void viewEventsMayListAndOnlyManageEventsMayChange() {
        userWithTooLargeEvent("ada", 1);
        String id = list("").path(0).path("id").asText();
        String viewer = tokenWith("vera", "view-events");
        String manager = tokenWith("mona", "manage-events");
        String userAdmin = tokenWith("ursula", "manage-users");
        EventsRealm other = new EventsRealm(keycloak.address(), admin);

        assertEquals(200, status("GET", "", viewer));
        assertEquals(403, status("POST", "/" + id + "/replay", viewer));
        assertEquals(403, status("DELETE", "/" + id, viewer));
        assertEquals(403, status("GET", "", userAdmin));
        assertEquals(403, status("DELETE", "/" + id, userAdmin));
        assertEquals(401, status("GET", "", "no-token"));
        assertTrue(
                List.of(401, 403)
                        .contains(other.userEvents("GET", "set-aside", manager).statusCode()),
                "an administrator of another realm");
        assertEquals(200, status("GET", "", manager));
        assertEquals(204, status("DELETE", "/" + id, manager));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?first=-1", "?first=one", "?max=0", "?max=1001", "?first=99999999999"})
    void aWrongParameterIsNamed(String query) {
        HttpResponse<String> answer = call("GET", query);

        assertEquals(400, answer.statusCode(), answer.body());
        String name = query.substring(1, query.indexOf('='));
        assertTrue(answer.body().contains("The parameter " + name + " must be a whole number"), answer.body());
    }

    @Test
    void anUnknownIdIsAClearError() {
        HttpResponse<String> answer = call("DELETE", "/no-such-event");

        assertEquals(404, answer.statusCode());
        assertTrue(answer.body().contains("no event with this id"), answer.body());
    }

    /** Adds a user, and changes the user with an event that the broker refuses. Returns the user's id. */
    private String userWithTooLargeEvent(String username, int setAside) {
        String id = events.addUser(username);
        setHint(id, LARGE);
        Awaitility.await().atMost(TIMEOUT).until(() -> list("").size() == setAside);
        return id;
    }

    private void setHint(String userId, String hint) {
        UserRepresentation user = events.realm.users().get(userId).toRepresentation();
        user.singleAttribute("locale_hint", hint);
        events.realm.users().get(userId).update(user);
    }

    private static String hint(ReceivedEvent event) {
        return event.data()
                .path("user")
                .path("attributes")
                .path("locale_hint")
                .path(0)
                .asText();
    }

    private void assertAdminEvent(String operation, String path, String key) {
        AdminEventRepresentation event = events.realm.getAdminEvents().stream()
                .filter(one -> one.getResourcePath().equals(path))
                .findFirst()
                .orElseThrow();
        assertEquals(operation, event.getOperationType());
        assertEquals("USER_EVENTS_SET_ASIDE", event.getResourceType());
        assertEquals(key, event.getDetails().get("event_key"));
        assertEquals("io.perch.user.updated", event.getDetails().get("event_type"));
        assertTrue(String.valueOf(event.getDetails().get("reason")).startsWith("RecordTooLargeException"));
    }

    private String tokenWith(String username, String role) {
        String user = events.addUser(username);
        String client =
                events.realm.clients().findByClientId("realm-management").get(0).getId();
        events.realm
                .users()
                .get(user)
                .roles()
                .clientLevel(client)
                .add(List.of(
                        events.realm.clients().get(client).roles().get(role).toRepresentation()));
        return requireNonNull(events.signIn(username, EventsRealm.PASSWORD)
                .path("access_token")
                .textValue());
    }

    private static String serverAdmin() {
        return admin.tokenManager().getAccessTokenString();
    }

    private int status(String method, String path, String token) {
        return events.userEvents(method, "set-aside" + path, token).statusCode();
    }

    private HttpResponse<String> call(String method, String path) {
        return events.userEvents(method, "set-aside" + path, serverAdmin());
    }

    private JsonNode list(String query) {
        HttpResponse<String> answer = call("GET", query);
        assertEquals(200, answer.statusCode(), answer.body());
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    private static List<String> keys(JsonNode list) {
        List<String> keys = new ArrayList<>();
        list.forEach(event -> keys.add(event.path("key").asText()));
        return keys;
    }
}
