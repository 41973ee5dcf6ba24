package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.MetricsIT;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.representations.idm.RealmRepresentation;

/** A topic for each realm. */
class RealmTopicsIT {

    private static final String PREFIX = "perch.";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    static Path directory;

    private static KafkaBroker broker;
    private static KeycloakProcess keycloak;
    private static Keycloak admin;

    @BeforeAll
    static void start() throws Exception {
        String listener = "--spi-events-listener--kafka-outbox--";
        broker = KafkaBroker.start(directory);
        keycloak = KeycloakProcess.start(
                Map.of(),
                List.of(
                        "--db=dev-mem",
                        listener + "bootstrap-servers=" + broker.address(),
                        listener + "topic=" + PREFIX + "{realm}",
                        // So that one realm's events fill more than a batch
                        listener + "batch=2"));
        admin = keycloak.admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        keycloak.close();
        broker.close();
    }

    @Test
    void aRealmWhoseTopicDoesNotExistDelaysNoOtherRealm() throws Exception {
        EventsRealm waiting = new EventsRealm(keycloak.address(), admin);
        EventsRealm sent = new EventsRealm(keycloak.address(), admin);
        List<String> users = List.of(waiting.addUser("ada"), waiting.addUser("bob"), waiting.addUser("eve"));
        broker.createTopic(PREFIX + sent.name);

        String user = sent.addUser("ada");

        awaitTypes(sent.name, user, "io.perch.user.registered");
        for (int i = 0; i < 3; i++) {
            waiting.signIn("ada", EventsRealm.PASSWORD);
        }
        broker.createTopic(PREFIX + waiting.name);
        awaitTypes(
                waiting.name,
                users.get(0),
                "io.perch.user.registered",
                "io.perch.user.logged_in",
                "io.perch.user.logged_in",
                "io.perch.user.logged_in");
        awaitTypes(waiting.name, users.get(2), "io.perch.user.registered");
        assertEquals(List.of(), broker.received());
    }

    @Test
    void theEventsOfARenamedRealmGoToTheTopicOfItsNewName() throws Exception {
        EventsRealm before = new EventsRealm(keycloak.address(), admin);
        String newName = "new_" + before.name;
        broker.createTopic(PREFIX + before.name);
        String ada = before.addUser("ada");
        RealmRepresentation renamed = before.realm.toRepresentation();
        renamed.setRealm(newName);

        before.realm.update(renamed);
        String bob = new EventsRealm(keycloak.address(), admin, newName).addUser("bob");
        broker.createTopic(PREFIX + "new__" + before.name);

        awaitTypes("new__" + before.name, bob, "io.perch.user.registered");
        awaitTypes(before.name, ada, "io.perch.user.registered");
        assertTrue(broker.received(PREFIX + before.name).stream()
                .anyMatch(event -> event.type().equals("io.perch.realm.sessions_ended")));
    }

    /** The second renaming ends what was issued under the name in between, whose topic nobody creates. */
    @Test
    void aRealmThatIsRenamedAndRenamedBackSendsItsEvents() throws Exception {
        EventsRealm events = new EventsRealm(keycloak.address(), admin);
        broker.createTopic(PREFIX + events.name);
        rename(events.name, events.name + "-2");
        rename(events.name + "-2", events.name);

        String user = events.addUser("ada");

        awaitTypes(events.name, user, "io.perch.user.registered");
    }

    @Test
    void aTopicThatAcknowledgesNothingDelaysOtherRealmsForAFewSeconds() throws Exception {
        EventsRealm silent = new EventsRealm(keycloak.address(), admin);
        EventsRealm sent = new EventsRealm(keycloak.address(), admin);
        broker.createTopic(PREFIX + silent.name, 2);
        broker.createTopic(PREFIX + sent.name);
        String ada = silent.addUser("ada");
        silent.signIn("ada", EventsRealm.PASSWORD);

        String user = sent.addUser("ada");

        awaitTypes(sent.name, user, "io.perch.user.registered");
        broker.acknowledge(PREFIX + silent.name);
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertEquals(
                        List.of("io.perch.user.registered", "io.perch.user.logged_in"),
                        types(silent.name, ada).stream().distinct().toList()));
    }

    @Test
    void aNewRealmWithTheNameOfARemovedOneGetsOnlyTheEndOfItsSessions() throws Exception {
        EventsRealm removed = new EventsRealm(keycloak.address(), admin);
        String ada = removed.addUser("ada");
        for (int i = 0; i < 5; i++) {
            removed.signIn("ada", EventsRealm.PASSWORD);
        }
        awaitWaiting(count -> count > 0);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> MetricsIT.value(keycloak.metrics(), "perch_outbox_pending"), count -> count == 0);

        removed.realm.remove();
        EventsRealm created = create(removed.name);
        String bob = created.addUserWithoutPassword("bob");
        broker.createTopic(PREFIX + removed.name);

        awaitTypes(removed.name, bob, "io.perch.user.registered");
        List<ReceivedEvent> received = broker.received(PREFIX + removed.name);
        assertTrue(
                received.stream().anyMatch(event -> event.type().equals("io.perch.realm.sessions_ended")),
                received::toString);
        assertFalse(received.stream().anyMatch(event -> event.key().equals(ada)), received::toString);
    }

    @Test
    void eventsOfARenamedRealmAreSetAsideIfAnotherRealmHasItsOldName() throws Exception {
        EventsRealm renamed = new EventsRealm(keycloak.address(), admin);
        String oldName = renamed.name;
        String newName = oldName + "-new";
        String ada = renamed.addUser("ada");
        rename(oldName, newName);
        EventsRealm after = new EventsRealm(keycloak.address(), admin, newName);
        String bob = create(oldName).addUserWithoutPassword("bob");

        broker.createTopic(PREFIX + oldName);
        broker.createTopic(PREFIX + newName);

        awaitTypes(oldName, bob, "io.perch.user.registered");
        assertEquals(List.of(), types(oldName, ada));
        String token = admin.tokenManager().getAccessTokenString();
        JsonNode aside = new ObjectMapper()
                .readTree(after.userEvents("GET", "set-aside?max=1000", token).body());
        String id = aside.findParents("key").stream()
                .filter(event -> event.path("key").asText().equals(ada))
                .filter(event -> event.path("type").asText().equals("io.perch.user.registered"))
                .map(event -> event.path("id").asText())
                .findFirst()
                .orElseThrow(() -> new AssertionError(aside.toString()));
        assertEquals(
                204,
                after.userEvents("POST", "set-aside/" + id + "/replay", token).statusCode());
        awaitTypes(newName, ada, "io.perch.user.registered");
        assertEquals(List.of(), types(oldName, ada));
    }

    private static void rename(String from, String to) {
        RealmRepresentation realm = admin.realm(from).toRepresentation();
        realm.setRealm(to);
        admin.realm(from).update(realm);
    }

    private static EventsRealm create(String name) {
        RealmRepresentation realm = new RealmRepresentation();
        realm.setRealm(name);
        realm.setEnabled(true);
        realm.setEventsListeners(List.of(UserEventsListenerFactory.PROVIDER_ID));
        realm.setAdminEventsEnabled(true);
        admin.realms().create(realm);
        return new EventsRealm(keycloak.address(), admin, name);
    }

    private static void awaitWaiting(DoublePredicate condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> MetricsIT.value(keycloak.metrics(), "perch_outbox_waiting"), condition::test);
    }

    private static void awaitTypes(String topic, String key, String... types) {
        in(topic).awaitTypes(key, types);
    }

    private static List<String> types(String topic, String key) {
        return in(topic).of(key).stream().map(ReceivedEvent::type).toList();
    }

    private static ReceivedEvents in(String topic) {
        return new ReceivedEvents(broker, PREFIX + topic);
    }
}
