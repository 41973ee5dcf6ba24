package io.perch.systemtests.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.ConnectionString;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.AuthApi;
import io.perch.systemtests.client.KeycloakAdmin;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.bson.Document;
import org.bson.types.Binary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Users of an old service's MongoDB. Keycloak of the local stack has no driver for SQL databases, so the tests of
 * {@code keycloak-providers} have the trials with SQL types.
 */
@PerchSystemTest
@SuppressWarnings("NullAway.Init") // JUnit sets the fields before each test
class OldDatabaseTrialsIT {

    private static final String PASSWORD = "correct horse battery";
    private static final String OTHER_PASSWORD = "another horse battery";

    /** The hashes of these passwords by Python's bcrypt 4.0.1, and of the first one by argon2-cffi 25.1.0. */
    private static final String HASH = "$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.";

    private static final String OTHER_HASH = "$2b$05$abcdefghijklmnopqrstuu3YCMM140Wfho5Gp4N8LHLh2nNku8giq";
    private static final String ARGON2_HASH =
            "$argon2id$v=19$m=65536,t=3,p=4$+ay72HksDSpAW3hEMLVBDA$GiuweIupOAWRT60sNmDXq8I8Ad5KiwQJLzpatWQ9QTs";

    private final PerchSystem system;
    private final AuthApi auth;
    // Each test has a collection and names of its own
    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private KeycloakAdmin admin;
    private MongoClient mongo;
    private MongoCollection<Document> users;
    private String federation;

    OldDatabaseTrialsIT(PerchSystem system) {
        this.system = system;
        this.auth = new AuthApi(system);
    }

    @BeforeEach
    void connect() {
        assumeTrue(system.mongoUri().isPresent(), "the database cannot be reached from outside");
        String uri = system.mongoUri().orElseThrow();
        mongo = MongoClients.create(uri);
        users = mongo.getDatabase("old_service").getCollection("users_" + suffix);
        // Keycloak refuses a collection that has none of the fields
        add(user("first").append("username", name("first")));
        admin = new KeycloakAdmin(system);
        ServerAddress server =
                new ServerAddress(new ConnectionString(uri).getHosts().get(0));
        Answer created = admin.create(
                "/components",
                Map.of(
                        "name",
                        "old-" + suffix,
                        "providerId",
                        "legacy-users",
                        "providerType",
                        "org.keycloak.storage.UserStorageProvider",
                        "config",
                        Map.of(
                                "database-kind", List.of("mongodb"),
                                "host", List.of(server.getHost()),
                                "port", List.of(Integer.toString(server.getPort())),
                                "database", List.of("old_service"),
                                "table", List.of(users.getNamespace().getCollectionName()),
                                "tls", List.of("disable"),
                                "preset", List.of("full"))));
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        federation = KeycloakAdmin.created(created);
    }

    @AfterEach
    void disconnect() {
        if (mongo == null) {
            return;
        }
        admin.close();
        admin.get("/users?search=" + suffix + "&max=100")
                .valueStream()
                .forEach(
                        user -> admin.send("DELETE", "/users/" + user.path("id").asString(), ""));
        users.drop();
        mongo.close();
    }

    /** auth0/docs#5918, vanilla/vanilla#2385: a row number that another person had before. */
    @Test
    void aReusedKeyDoesNotOpenTheAccountOfAnotherUser() {
        add(user("ada").append("_id", 1));
        synchronize("triggerFullSync");
        users.deleteOne(new Document("_id", 1));
        add(user("mona").append("_id", 1).append("hashed_password", OTHER_HASH));
        synchronize("triggerFullSync");

        assertThat(signIn("ada", OTHER_PASSWORD).status()).isEqualTo(401);
        assertThat(signIn("ada", PASSWORD).status()).isEqualTo(200);
    }

    /** daniel-frak/keycloak-user-migration#10: an administrator deletes a user whom the old database still has. */
    @Test
    void aDeletedUserIsNotImportedAgain() {
        add(user("bob"));
        assertThat(signIn("bob", PASSWORD).status()).isEqualTo(200);
        String id = admin.get("/users?exact=true&username=" + name("bob"))
                .path(0)
                .path("id")
                .asString();
        assertThat(admin.send("DELETE", "/users/" + id, "").status()).isEqualTo(204);

        assertThat(signIn("bob", PASSWORD).status()).isEqualTo(401);
        synchronize("triggerFullSync");
        assertThat(signIn("bob", PASSWORD).status()).isEqualTo(401);
    }

    /** keycloak/keycloak#37059, #22030: names that a user profile refuses, or that are too long for Keycloak. */
    @ParameterizedTest
    @CsvSource({
        "first_name, Bob & Sally",
        "last_name, SMITH/DUPONT",
        "first_name, Anna (Admin)",
        "email, müller@perch.example",
        "email, bob@perch.example.",
        "first_name, A*300",
    })
    void aUserWhoseNameOrAddressIsRefusedCanSignIn(String field, String value) {
        add(user("bob").append(field, value.equals("A*300") ? "A".repeat(300) : value));

        assertThat(signIn("bob", PASSWORD).status()).isEqualTo(200);
    }

    /** openstreetmap-website#2173: addresses that were stored with a blank. */
    @Test
    void aUserSignsInWithAnAddressThatWasStoredWithABlank() {
        add(user("bob").append("email", address("bob") + " "));

        assertThat(signInByAddress("bob").status()).isEqualTo(200);
        synchronize("triggerFullSync");
        assertThat(signInByAddress("bob").status()).isEqualTo(200);
    }

    /** fastapi/fastapi#13917: newer services store argon2id. */
    @Test
    void aUserSignsInWithAnArgon2Hash() {
        add(user("bob").append("hashed_password", ARGON2_HASH));

        assertThat(signIn("bob", PASSWORD).status()).isEqualTo(200);
    }

    /** flask-bcrypt#36: bcrypt returns bytes, and services store them. */
    @Test
    void aUserSignsInWithAHashOfBytes() {
        add(user("bob").append("hashed_password", new Binary(HASH.getBytes(StandardCharsets.US_ASCII))));

        assertThat(signIn("bob", PASSWORD).status()).isEqualTo(200);
    }

    /** datazip-inc/olake#570, airbytehq/airbyte#3931: one row with values of a wrong kind. */
    @Test
    void allUsersAreImportedIfOneHasUnreadableValues() {
        add(user("a"));
        add(user("b")
                .append("is_verified", "perhaps")
                .append("created_at", "yesterday")
                .append("phone", new Document("home", 1)));
        add(user("c"));

        JsonNode result = synchronize("triggerFullSync");

        assertThat(result.path("added").asInt()).as(result.toString()).isEqualTo(4);
        assertThat(signIn("c", PASSWORD).status()).isEqualTo(200);
    }

    private Document user(String name) {
        return new Document("username", name(name))
                .append("email", address(name))
                .append("hashed_password", HASH)
                .append("is_active", true)
                .append("is_verified", true);
    }

    private void add(Document user) {
        users.insertOne(user);
    }

    private String name(String name) {
        return name + suffix;
    }

    private String address(String name) {
        return name(name) + "@perch.example";
    }

    private Answer signIn(String name, String password) {
        return auth.post("/login", Map.of("username", name(name), "password", password));
    }

    private Answer signInByAddress(String name) {
        return auth.post("/login", Map.of("email", address(name), "password", PASSWORD));
    }

    private JsonNode synchronize(String action) {
        Answer answer = admin.send("POST", "/user-storage/" + federation + "/sync?action=" + action, "");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }
}
