package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Caller;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.BasicQuery;
import org.springframework.kafka.core.KafkaTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Events of Keycloak change the users that administrators see. */
@ResourceServerTest
class UserProjectionTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final MongoOperations mongo;
    private final KafkaTemplate<String, byte[]> kafka;
    private final String broker;
    private final KeycloakEvents keycloak;
    private final Caller admin;

    @Autowired
    UserProjectionTest(
            Api api,
            MongoOperations mongo,
            KafkaTemplate<String, byte[]> kafka,
            @Value("${KAFKA_BROKER_URL}") String broker) {
        this.mongo = mongo;
        this.kafka = kafka;
        this.broker = broker;
        this.keycloak = new KeycloakEvents(kafka);
        this.admin = api.asNewUser("user", "moderator", "admin");
    }

    @Test
    void aUserHasTheStateOfKeycloak() {
        String name = newName();
        ObjectNode registered = keycloak.stateEvent("registered", newId(), name);
        KeycloakEvents.user(registered).put("created_at", "2026-01-02T03:04:05Z");
        registered.put("time", "2026-01-02T03:04:06.789Z");

        keycloak.send(registered);

        JsonNode user = awaitUser(name);
        assertThat(user.path("user_id").asString())
                .isEqualTo(registered.path("subject").asString());
        assertThat(user.path("username").asString()).isEqualTo(name);
        assertThat(user.path("email").asString()).isEqualTo(name + "@perch.example");
        assertThat(user.path("email_verified").asBoolean()).isTrue();
        assertThat(user.path("first_name").asString()).isEqualTo("First");
        assertThat(user.path("last_name").asString()).isEqualTo("Last");
        assertThat(user.path("phone_number").asString()).isEqualTo("+14155552671");
        assertThat(user.path("roles").path(0).asString()).isEqualTo("user");
        assertThat(user.path("enabled").asBoolean()).isTrue();
        assertThat(user.path("created_at").asString()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(user.path("updated_at").asString()).isEqualTo("2026-01-02T03:04:06.789Z");
        assertThat(user.propertyNames())
                .containsExactlyInAnyOrder(
                        "user_id",
                        "username",
                        "email",
                        "email_verified",
                        "first_name",
                        "last_name",
                        "phone_number",
                        "roles",
                        "enabled",
                        "created_at",
                        "updated_at");
    }

    @Test
    void removedValuesOfAUserAreRemoved() {
        String name = newName();
        String id = newId();
        keycloak.send(keycloak.stateEvent("registered", id, name));
        ObjectNode updated = keycloak.stateEvent("updated", id, name);
        KeycloakEvents.user(updated)
                .remove(List.of("email", "first_name", "last_name", "phone_number", "email_verified"));
        KeycloakEvents.user(updated).put("enabled", false).putArray("roles");
        keycloak.send(updated);

        JsonNode user = await().atMost(TIMEOUT)
                .until(() -> awaitUser(name), now -> !now.path("enabled").asBoolean());
        assertThat(user.has("email")).isFalse();
        assertThat(user.has("first_name")).isFalse();
        assertThat(user.has("phone_number")).isFalse();
        assertThat(user.path("email_verified").asBoolean()).isFalse();
        assertThat(user.path("roles")).isEmpty();
        assertThat(found(name + "@")).isEmpty();
    }

    @Test
    void anOlderSignInDoesNotChangeLastLogin() {
        String name = newName();
        String id = newId();
        ObjectNode first = keycloak.event("logged_in", id).put("time", "2026-02-01T10:00:00Z");
        ObjectNode later = keycloak.event("logged_in", id).put("time", "2026-02-01T11:00:00Z");
        keycloak.send(later);
        keycloak.send(first);
        keycloak.send(keycloak.stateEvent("updated", id, name));

        assertThat(awaitUser(name).path("last_login").asString()).isEqualTo("2026-02-01T11:00:00Z");
    }

    @Test
    void theNewestStateIsKeptInAnyOrderOfEvents() {
        List<String> names = new ArrayList<>();
        List<ObjectNode> events = new ArrayList<>();
        for (int user = 0; user < 20; user++) {
            String id = newId();
            String name = newName();
            for (int change = 0; change < 5; change++) {
                ObjectNode event = keycloak.stateEvent(change == 0 ? "registered" : "updated", id, name);
                KeycloakEvents.user(event).put("last_name", "Change" + change);
                events.add(event);
                events.add(event);
            }
            names.add(name);
        }
        Collections.shuffle(events, new Random(5));
        events.forEach(keycloak::send);
        String last = newName();
        awaitAllPartitions(last);

        assertThat(names)
                .allSatisfy(name ->
                        assertThat(awaitUser(name).path("last_name").asString()).isEqualTo("Change4"));
    }

    @Test
    void unreadableEventsAreSetAsideOnceAndOthersAreProcessed() {
        String poison = "poison-" + UUID.randomUUID();
        ObjectNode nameless = keycloak.stateEvent("updated", newId(), poison);
        KeycloakEvents.user(nameless).remove("username");
        for (String value : List.of(
                poison,
                "{\"id\": \"" + poison + "\"}",
                nameless.put("id", poison).toString())) {
            for (int partition = 0; partition < 3; partition++) {
                kafka.send(KeycloakEvents.TOPIC, partition, "key", value.getBytes(StandardCharsets.UTF_8))
                        .join();
            }
        }

        awaitAllPartitions(newName());
        await().atMost(TIMEOUT).untilAsserted(() -> {
            var setAside = KafkaRecords.all(broker, KeycloakEvents.TOPIC + ".DLT").stream()
                    .filter(record -> record.value().contains(poison))
                    .toList();
            assertThat(setAside).hasSize(9);
            assertThat(setAside)
                    .allSatisfy(record -> assertThat(record.headers().lastHeader("kafka_dlt-exception-message"))
                            .isNotNull());
        });
    }

    @Test
    void anUnreadableRecordOfTheLargestSizeDoesNotStopItsPartition() {
        String poison = "poison-" + UUID.randomUUID();
        kafka.send(KeycloakEvents.TOPIC, 0, "key", new byte[KafkaRecords.LARGEST])
                .join();
        kafka.send(KeycloakEvents.TOPIC, 0, "key", poison.getBytes(StandardCharsets.UTF_8))
                .join();

        awaitAllPartitions(newName());
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(KafkaRecords.all(broker, KeycloakEvents.TOPIC + ".DLT"))
                .filteredOn(record -> record.value().contains(poison))
                .hasSize(1));
    }

    @Test
    void usersOfOtherRealmsAreIgnored() {
        String foreign = newName();
        ObjectNode event = keycloak.stateEvent("registered", newId(), foreign).put("source", "/realms/master");
        KeycloakEvents.data(event).put("realm", "master");
        String known = newName();
        ObjectNode future =
                keycloak.stateEvent("knighted", event.path("subject").asString() + "x", known);

        keycloak.send(event);
        awaitAllPartitions(newName());
        keycloak.send(future);

        assertThat(awaitUser(known).path("enabled").asBoolean())
                .as("an event of an unknown type with a user's state")
                .isTrue();
        assertThat(found(foreign)).isEmpty();
    }

    @Test
    void aResyncRestoresAllUsers() {
        String prefix = newName();
        List<ObjectNode> snapshots = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String id = newId();
            ObjectNode registered = keycloak.stateEvent("registered", id, prefix + i);
            String created = KeycloakEvents.user(registered).path("created_at").asString();
            keycloak.send(registered.put("time", created));
            ObjectNode snapshot = keycloak.stateEvent("snapshot", id, prefix + i);
            KeycloakEvents.user(snapshot).put("created_at", created);
            snapshots.add(snapshot);
        }
        List<JsonNode> before = await().atMost(TIMEOUT).until(() -> found(prefix), users -> users.size() == 10);

        mongo.remove(new BasicQuery(new Document("username", new Document("$regex", "^" + prefix))), "users");
        assertThat(found(prefix)).isEmpty();
        snapshots.forEach(keycloak::send);

        List<JsonNode> after = await().atMost(TIMEOUT).until(() -> found(prefix), users -> users.size() == 10);
        assertThat(after).isEqualTo(before);
    }

    @Test
    void aSnapshotDoesNotOverwriteANewerState() {
        String name = newName();
        String id = newId();
        ObjectNode snapshot = keycloak.stateEvent("snapshot", id, name);
        ObjectNode updated = keycloak.stateEvent("updated", id, name);
        Instant changed = Instant.parse("2026-03-01T00:00:00Z");
        KeycloakEvents.user(updated).put("last_name", "Newer");
        keycloak.send(updated.put("time", changed.toString()));
        keycloak.send(snapshot);
        awaitAllPartitions(newName());

        assertThat(awaitUser(name).path("last_name").asString()).isEqualTo("Newer");
        assertThat(awaitUser(name).path("updated_at").asString()).isEqualTo(changed.toString());
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    private static String newName() {
        return "u" + UUID.randomUUID().toString().replace("-", "");
    }

    /** Waits until all partitions are processed up to now. */
    private void awaitAllPartitions(String name) {
        for (int partition = 0; partition < 3; partition++) {
            ObjectNode marker = keycloak.stateEvent("registered", newId(), name + partition);
            byte[] value = marker.toString().getBytes(StandardCharsets.UTF_8);
            kafka.send(KeycloakEvents.TOPIC, partition, "key", value).join();
        }
        await().atMost(TIMEOUT).until(() -> found(name).size() == 3);
    }

    private JsonNode awaitUser(String name) {
        return await().atMost(TIMEOUT)
                .until(() -> found(name), users -> users.size() == 1)
                .get(0);
    }

    private List<JsonNode> found(String search) {
        return admin.get("/admin/users?limit=100&search=" + search)
                .body()
                .path("items")
                .valueStream()
                .toList();
    }
}
