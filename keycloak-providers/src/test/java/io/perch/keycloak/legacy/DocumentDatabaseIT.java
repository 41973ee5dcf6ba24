package io.perch.keycloak.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.BsonBinary;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keycloak.component.ComponentValidationException;

/** Answers that only a database without a schema can give. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test
class DocumentDatabaseIT {

    private static OldMongoDb mongodb;

    @BeforeAll
    static void start() {
        mongodb = OldDatabase.mongodb();
    }

    @AfterAll
    static void stop() {
        mongodb.close();
    }

    @BeforeEach
    void clear() {
        mongodb.clear();
    }

    @Test
    void thereIsAPresetForNamesAndHashesOnly() {
        ObjectId id = new ObjectId();
        mongodb.users()
                .insertOne(new Document("_id", id)
                        .append("username", "Ada")
                        .append("hashed_password", OldDatabase.HASH)
                        .append("email", "ada@perch.example"));
        try (LegacyDatabase database = mongodb.open("preset", "username-only")) {
            database.check();
            LegacyUser ada = database.byUsername("ada").get(0);
            assertEquals("oid:" + id.toHexString(), ada.row());
            assertEquals(OldDatabase.HASH, ada.hash());
            assertNull(ada.email());
            assertTrue(ada.active());
        }
    }

    static Stream<List<Object>> keys() {
        return Stream.of(
                objects(ObjectId::new),
                objects(() -> UUID.randomUUID().toString()),
                List.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
                List.of(1L, 1L << 40, -5L, 7L, 2L, 9L, 10L, 11L, 12L),
                List.of(0.5, 1.5, 2.5, 3.5, 4.5, 5.5),
                objects(() -> new BsonBinary(UUID.randomUUID())),
                // The fields that one service added over time
                List.of(
                        1,
                        2L,
                        3.5,
                        "1",
                        "2",
                        "oid:",
                        new ObjectId(),
                        new ObjectId(),
                        new Document("tenant", 1),
                        true,
                        Instant.EPOCH));
    }

    private static List<Object> objects(Supplier<Object> key) {
        return IntStream.range(0, 9).mapToObj(i -> key.get()).toList();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void keysMayHaveAnyTypeAndSeveralTypes(List<Object> keys) {
        List<Document> documents = new ArrayList<>();
        for (Object key : keys) {
            documents.add(new Document("_id", key)
                    .append("username", "ada" + documents.size())
                    .append("hashed_password", OldDatabase.HASH));
        }
        mongodb.users().insertMany(documents);
        try (LegacyDatabase database = mongodb.open("preset", "username-only")) {
            List<String> found = LegacyKeys.of(database, null);
            assertEquals(keys.size(), found.size());
            assertEquals(keys.size(), found.stream().distinct().count());
        }
    }

    @Test
    void aResumeKeyThatWasTamperedWithIsAnErrorAndNoFilter() {
        mongodb.addUsers("ada", 1);
        try (LegacyDatabase database = mongodb.open()) {
            for (String key : List.of("", "7", "oid:7", "number:x", "{\"other\": 1}", "{\"_id\": ")) {
                assertThrows(LegacyDatabaseException.class, () -> database.chunk(key, null, 10), key);
            }
        }
    }

    @Test
    void aSignInWorksWithAnyValueInAField() {
        List<Object> values = new ArrayList<>(
                List.of(new Document("$ne", 1), List.of("ada"), 1.5, new ObjectId(), true, "", " ", Instant.EPOCH));
        values.add(null);
        for (Object value : values) {
            mongodb.clear();
            Document ada = new Document("username", "ada").append("hashed_password", OldDatabase.HASH);
            for (String field : List.of(
                    "email", "first_name", "last_name", "phone", "role", "is_verified", "is_superuser", "updated_at")) {
                ada.append(field, value);
            }
            mongodb.users().insertOne(ada);
            try (LegacyDatabase database = mongodb.open()) {
                LegacyUser found = database.byUsername("ADA").get(0);
                assertNull(found.email());
                assertNull(found.phone());
                assertEquals(Boolean.TRUE.equals(value), found.superuser());
                assertEquals(List.of(), database.byEmail("ada"));
                assertEquals(1, database.chunk(null, null, 10).size());
            }
        }
    }

    @Test
    void aDocumentWithoutTimesMayHaveChanged() {
        mongodb.users()
                .insertMany(List.of(
                        new Document("username", "old").append("created_at", Instant.EPOCH),
                        new Document("username", "new").append("created_at", Instant.now()),
                        new Document("username", "untold"),
                        new Document("username", "misspelt").append("updated_at", "1970-01-01")));
        try (LegacyDatabase database = mongodb.open()) {
            assertEquals(
                    List.of("new", "untold", "misspelt"),
                    database.chunk(null, Instant.now().minusSeconds(60), 10).stream()
                            .map(LegacyUser::username)
                            .toList());
        }
    }

    @Test
    void aUserIsActiveOnlyIfTheFieldSaysSo() {
        for (Object value : List.of(false, 0, "yes", new Document())) {
            mongodb.clear();
            mongodb.add("ada", "ada@perch.example", Map.of("is_active", value));
            try (LegacyDatabase database = mongodb.open()) {
                assertFalse(database.byUsername("ada").get(0).active(), value::toString);
            }
        }
    }

    @Test
    void aHashMayBeBytesAsPythonStoresIt() {
        mongodb.add(
                "ada",
                "ada@perch.example",
                Map.of("hashed_password", OldDatabase.HASH.getBytes(StandardCharsets.US_ASCII)));
        try (LegacyDatabase database = mongodb.open()) {
            assertEquals(OldDatabase.HASH, database.byUsername("ada").get(0).hash());
        }
    }

    @Test
    void aCollectionWithoutSuchFieldsIsRefused() {
        mongodb.addUsers("ada", 1);
        try (LegacyDatabase right = mongodb.open();
                LegacyDatabase collection = mongodb.open("table", "accounts");
                LegacyDatabase field = mongodb.open("column-hashed-password", "password")) {
            right.check();
            assertThrows(LegacyDatabaseException.class, collection::check);
            assertEquals(
                    "no document of users has username and password",
                    assertThrows(LegacyDatabaseException.class, field::check).getMessage());
        }
    }

    @Test
    void aReplicaSetIsAListOfHosts() {
        assertThrows(ComponentValidationException.class, () -> mongodb.open("host", "a,b:99999"));
        assertThrows(ComponentValidationException.class, () -> mongodb.open("host", "a,,b"));
        assertThrows(ComponentValidationException.class, () -> mongodb.open("host", "a/?tls=false"));
        mongodb.open("host", "a, b:27018, [::1]:27019").close();
        mongodb.addUsers("ada", 1);
        try (LegacyDatabase database = mongodb.open("host", "localhost:" + mongodb.port(), "port", "1")) {
            assertEquals(1, database.byUsername("ada1").size());
        }
    }
}
