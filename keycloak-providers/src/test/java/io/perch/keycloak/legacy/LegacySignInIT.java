package io.perch.keycloak.legacy;

import static io.perch.keycloak.legacy.OldDatabase.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PageBrowser;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keycloak.representations.idm.UserRepresentation;

/** Users of an old database sign in to a real Keycloak with their old passwords. */
class LegacySignInIT extends LegacyUsersInAServer {

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void theFirstSignInImportsAUserWithProfileRolesAndPassword(OldDatabase database) throws Exception {
        database.add(
                "Ada",
                "Ada@Perch.example",
                Map.of(
                        "first_name", "Ada",
                        "last_name", "Perch",
                        "phone", "+493023125000",
                        "is_verified", true,
                        "is_superuser", true,
                        "role", "moderator",
                        "created_at", Instant.parse("2024-02-29T12:00:00Z")));
        realm.connect(database);
        assertEquals(400, realm.grant.signIn("ada@perch.example", "wrong"));
        awaitFailures(realm.user("ada").getId(), 1);
        assertEquals(200, realm.grant.signIn("ada@perch.example", PASSWORD));
        UserRepresentation ada = realm.user("ada");
        assertEquals("ada@perch.example", ada.getEmail());
        assertEquals("Ada", ada.getFirstName());
        assertEquals("Perch", ada.getLastName());
        assertTrue(ada.isEmailVerified());
        assertTrue(ada.isEnabled());
        assertNull(ada.getFederationLink());
        assertEquals(1_709_208_000_000L, ada.getCreatedTimestamp());
        assertEquals(List.of("admin", "moderator"), realm.roles("ada"));
        // From here on the old database must not be queried
        database.drop();
        assertEquals(200, realm.grant.signIn("ada", PASSWORD));
        assertEquals(200, realm.grant.signIn("ada@perch.example", PASSWORD));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aUserSignsInOnThePageAndByTheApiToo(OldDatabase database) throws Exception {
        database.addUsers("ada", 2);
        realm.connect(database);
        PageBrowser browser = new PageBrowser();
        browser.open(realm.signInPage());
        assertTrue(browser.submit("username", "ada1", "password", "wrong").contains("Invalid username or password"));
        awaitFailures(realm.user("ada1").getId(), 1);
        assertEquals("", browser.submit("username", "ada1", "password", PASSWORD));
        assertEquals("/app", browser.address().getPath());
        assertEquals(401, login("ada2", "wrong").statusCode());
        awaitFailures(realm.user("ada2").getId(), 1);
        assertEquals(200, login("ada2@perch.example", PASSWORD).statusCode());
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void inputIsNeverPartOfAQuery(OldDatabase database) throws Exception {
        database.addUsers("ada", 1);
        realm.connect(database);
        for (String name : List.of("' or 1=1 -- ", "ada1' -- ", "ada%", "ada.", "x'; drop table users; --", "ädä1")) {
            assertEquals(400, realm.grant.signIn(name, PASSWORD), name);
        }
        assertEquals(0, realm.count());
        assertEquals(200, realm.grant.signIn("ada1", PASSWORD));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void valuesThatTheProfileRefusesAreLeftOut(OldDatabase database) throws Exception {
        database.add("ada", "ada@perch.example", Map.of("first_name", "Bob & Sally {x}", "last_name", "P".repeat(255)));
        realm.connect(database);

        assertEquals(200, realm.grant.signIn("ada", PASSWORD));
        assertNull(realm.user("ada").getFirstName());
        assertEquals("P".repeat(255), realm.user("ada").getLastName());
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void argon2idHashesAreReadToo(OldDatabase database) throws Exception {
        database.add("ada", "ada@perch.example", Map.of("hashed_password", OldDatabase.ARGON2_HASH));
        realm.connect(database);

        assertEquals(400, realm.grant.signIn("ada", "wrong"));
        assertEquals(200, realm.grant.signIn("ada", PASSWORD));
        assertEquals(200, realm.grant.signIn("ada", PASSWORD));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void blanksAroundANameOrAnAddressAreIgnored(OldDatabase database) throws Exception {
        database.add("ada ", "ada@perch.example ", Map.of());
        realm.connect(database);

        assertEquals(200, realm.grant.signIn("ada@perch.example", PASSWORD));
        assertEquals(200, realm.grant.signIn("ada", PASSWORD));
    }

    @Test
    void aUserWhoIsInactiveInTheOldServiceIsDisabled() throws Exception {
        postgresql.addUsers("ada", 1);
        postgresql.change("ada1", Map.of("is_active", false));
        realm.connect(postgresql);
        assertEquals(400, realm.grant.signIn("ada1", PASSWORD));
        assertFalse(realm.user("ada1").isEnabled());
    }

    @Test
    void aUserIsNotFoundByAnEarlierAddress() throws Exception {
        postgresql.addUsers("ada", 1);
        realm.connect(postgresql);
        assertEquals(200, realm.grant.signIn("ada1@perch.example", PASSWORD));
        UserRepresentation ada = realm.user("ada1");
        ada.setEmail("ada@elsewhere.example");
        realm.realm.users().get(ada.getId()).update(ada);
        assertEquals(400, realm.grant.signIn("ada1@perch.example", PASSWORD));
        assertEquals(200, realm.grant.signIn("ada@elsewhere.example", PASSWORD));
        assertEquals(1, realm.count());
    }

    @Test
    void aUserIsNotFoundByAnEarlierAddressThatLooksTheSame() throws Exception {
        postgresql.add("mina", "mina@perch.example", Map.of());
        realm.connect(postgresql);
        assertEquals(200, realm.grant.signIn("mina@perch.example", PASSWORD));
        UserRepresentation mina = realm.user("mina");
        // With a dotless i
        mina.setEmail("m\u0131na@perch.example");
        realm.realm.users().get(mina.getId()).update(mina);
        assertEquals(400, realm.grant.signIn("mina@perch.example", PASSWORD));
        assertEquals(200, realm.grant.signIn("m\u0131na@perch.example", PASSWORD));
    }
}
