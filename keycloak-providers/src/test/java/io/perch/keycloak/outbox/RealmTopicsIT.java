package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.KeycloakProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    private static void awaitTypes(String topic, String key, String... types) {
        new ReceivedEvents(broker, PREFIX + topic).awaitTypes(key, types);
    }
}
