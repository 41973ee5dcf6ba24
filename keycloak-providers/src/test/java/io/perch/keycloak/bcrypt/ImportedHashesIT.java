package io.perch.keycloak.bcrypt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perch.keycloak.DirectGrant;
import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.PackagedProviders;
import jakarta.ws.rs.core.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.PartialImportRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.testframework.annotations.InjectAdminClient;
import org.keycloak.testframework.annotations.InjectKeycloakUrls;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.server.KeycloakUrls;
import org.keycloak.util.JsonSerialization;

/** Users who are imported with an old hash sign in with their old passwords. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // the test framework and JUnit set the fields before each test
class ImportedHashesIT {

    private static final String PASSWORD = "correct horse battery";
    // Hashes of that password by Python's bcrypt and by passlib
    private static final String TWO_B = "$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.";
    private static final String TWO_Y = "$2y$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.";
    private static final String SHA_1 = "$bcrypt-sha256$2b,5$abcdefghijklmnopqrstuu$18WMj2EyYwxwC7AFPjPnCFuhKBEMLru";
    private static final String SHA_2 =
            "$bcrypt-sha256$v=2,t=2b,r=5$abcdefghijklmnopqrstuu$0jyZrpDNYLkQYX.JEOD4dGe.U6e9li2";

    @InjectAdminClient
    Keycloak admin;

    @InjectKeycloakUrls
    KeycloakUrls urls;

    @TempDir
    Path folder;

    private final String name = "bcrypt-" + UUID.randomUUID();
    private RealmResource realm;
    private DirectGrant grant;

    @BeforeEach
    void createRealm() {
        admin.realms().create(representation());
        realm = admin.realm(name);
        grant = new DirectGrant(urls.getBase(), name);
    }

    @AfterEach
    void deleteRealm() {
        realm.remove();
    }

    @ParameterizedTest
    @ValueSource(strings = {TWO_B, TWO_Y, SHA_1, SHA_2})
    void aUserOfTheAdminApiSignsInAndKeycloakHashesAgain(String hash) throws Exception {
        create(user("ada", hash));
        assertEquals("bcrypt", algorithm("ada"));
        assertEquals(400, grant.signIn("ada", "Correct horse battery"));
        assertEquals("bcrypt", algorithm("ada"));
        assertEquals(200, grant.signIn("ada", PASSWORD));
        awaitRehash("ada");
        assertEquals(400, grant.signIn("ada", "Correct horse battery"));
        assertEquals(200, grant.signIn("ada", PASSWORD));
    }

    @Test
    void theFirstSeventyTwoOctetsOfAPasswordAreEnoughUntilKeycloakHashesItWhole() throws Exception {
        // The hash of 73 times x by Python's bcrypt 4.0.1
        create(user("ada", "$2b$05$abcdefghijklmnopqrstuujf8SX2ahXLwp9w/B.Y5XdysS6yR576q"));
        String entered = "x".repeat(72) + "anything";
        assertEquals(200, grant.signIn("ada", entered));
        awaitRehash("ada");
        assertEquals(200, grant.signIn("ada", entered));
        assertEquals(400, grant.signIn("ada", "x".repeat(73)));
    }

    @Test
    void aHashThatCannotBeReadSignsNobodyIn() throws Exception {
        create(user("ada", "$2x$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo."));
        assertEquals(400, grant.signIn("ada", PASSWORD));
    }

    @Test
    void usersOfAPartialImportSignIn() throws Exception {
        PartialImportRepresentation users = new PartialImportRepresentation();
        users.setIfResourceExists("FAIL");
        users.setUsers(List.of(user("ada", TWO_B), user("mona", SHA_2)));
        try (Response response = realm.partialImport(users)) {
            assertEquals(200, response.getStatus());
        }
        assertEquals(200, grant.signIn("ada", PASSWORD));
        assertEquals(200, grant.signIn("mona", PASSWORD));
        awaitRehash("mona");
    }

    @Test
    void aPolicyThatNamesBcryptStillWritesKeycloaksOwn() throws Exception {
        RealmRepresentation change = realm.toRepresentation();
        change.setPasswordPolicy("hashAlgorithm(bcrypt)");
        realm.update(change);
        create(user("ada", TWO_B));
        assertEquals(400, grant.signIn("nobody", PASSWORD));
        assertEquals(200, grant.signIn("ada", PASSWORD));
        awaitRehash("ada");
        CredentialRepresentation other = new CredentialRepresentation();
        other.setType(CredentialRepresentation.PASSWORD);
        other.setValue("another horse battery");
        realm.users().get(id("ada")).resetPassword(other);
        assertEquals("argon2", algorithm("ada"));
        assertEquals(200, grant.signIn("ada", "another horse battery"));
    }

    @Test
    void usersOfKcShImportSignIn() throws Exception {
        RealmRepresentation imported = representation();
        imported.setUsers(List.of(user("ada", TWO_B), user("mona", SHA_1)));
        Path file = folder.resolve("realm.json");
        Files.writeString(file, JsonSerialization.writeValueAsString(imported));
        List<String> database =
                List.of("--db=dev-file", "--db-url=jdbc:h2:file:" + folder.resolve("keycloak") + ";NON_KEYWORDS=VALUE");
        KeycloakProcess.importRealm(file, database);
        try (KeycloakProcess keycloak = KeycloakProcess.start(Map.of(), database)) {
            DirectGrant itsGrant = new DirectGrant(keycloak.address().toString(), name);
            assertEquals(200, itsGrant.signIn("ada", PASSWORD));
            assertEquals(200, itsGrant.signIn("mona", PASSWORD));
            assertEquals(400, itsGrant.signIn("mona", PASSWORD + "."));
        }
    }

    private RealmRepresentation representation() {
        RealmRepresentation representation = new RealmRepresentation();
        representation.setRealm(name);
        representation.setEnabled(true);
        return representation;
    }

    private static UserRepresentation user(String username, String hash) throws Exception {
        CredentialRepresentation password = new CredentialRepresentation();
        password.setType(CredentialRepresentation.PASSWORD);
        password.setCredentialData("{\"algorithm\":\"bcrypt\",\"hashIterations\":1}");
        password.setSecretData(JsonSerialization.writeValueAsString(Map.of("value", hash)));
        UserRepresentation user = new UserRepresentation();
        user.setUsername(username);
        user.setEmail(username + "@perch.example");
        user.setFirstName("Ada");
        user.setLastName("Perch");
        user.setEnabled(true);
        user.setCredentials(List.of(password));
        return user;
    }

    private void create(UserRepresentation user) {
        try (Response response = realm.users().create(user)) {
            assertEquals(201, response.getStatus());
        }
    }

    // Keycloak hashes again after the transaction of the sign-in
    private void awaitRehash(String username) {
        await().atMost(Duration.ofSeconds(20)).until(() -> algorithm(username).equals("argon2"));
    }

    private String algorithm(String username) throws Exception {
        String data = realm.users().get(id(username)).credentials().get(0).getCredentialData();
        return JsonSerialization.mapper.readTree(data).get("algorithm").asText();
    }

    private String id(String username) {
        return realm.users().searchByUsername(username, true).get(0).getId();
    }
}
