package io.perch.keycloak.legacy;

import static io.perch.keycloak.legacy.OldDatabase.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keycloak.representations.idm.SynchronizationResultRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/** Which rows of an old database a synchronization imports, and which ones never. */
class LegacySynchronizationIT extends LegacyUsersInAServer {

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aSynchronizationImportsAllUsersOnceAndThenTheNewOnes(OldDatabase database) throws Exception {
        database.addUsers("ada", 950);
        String component = realm.connect(database, "chunk", "100");
        SynchronizationResultRepresentation first = realm.sync(component, "triggerFullSync");
        assertEquals(950, first.getAdded());
        assertEquals(0, first.getFailed());
        SynchronizationResultRepresentation again = realm.sync(component, "triggerFullSync");
        assertEquals(0, again.getAdded() + again.getUpdated() + again.getFailed());
        database.addUsers("mona", 10);
        database.change("ada7", Map.of("hashed_password", OldDatabase.OTHER_HASH, "updated_at", Instant.now()));
        SynchronizationResultRepresentation changed = realm.sync(component, "triggerChangedUsersSync");
        assertEquals(10, changed.getAdded());
        assertEquals(1, changed.getUpdated());
        assertEquals(960, realm.count());
        assertEquals(200, realm.grant.signIn("ada950", PASSWORD));
        assertEquals(200, realm.grant.signIn("mona10@perch.example", PASSWORD));
        assertEquals(400, realm.grant.signIn("ada7", PASSWORD));
        awaitFailures(realm.user("ada7").getId(), 1);
        assertEquals(200, realm.grant.signIn("ada7", OldDatabase.OTHER_PASSWORD));
    }

    @Test
    void theNextSynchronizationReadsWhatAFailedOneHasMissed() throws Exception {
        postgresql.addUsers("ada", 1);
        String component = realm.connect(postgresql);
        assertEquals(1, realm.sync(component, "triggerFullSync").getAdded());
        String since = "legacy-users." + component + ".since";
        postgresql.drop();
        assertEquals(1, realm.sync(component, "triggerChangedUsersSync").getFailed());
        assertTrue(realm.realm.toRepresentation().getAttributes().containsKey(since));
        postgresql.clear();
        // The first row has the key of ada's earlier row
        postgresql.addUsers("mona", 2);
        assertEquals(1, realm.sync(component, "triggerChangedUsersSync").getAdded());
        assertFalse(realm.realm.toRepresentation().getAttributes().containsKey(since));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void noUserIsOverwrittenAndEachConflictIsAFailedRow(OldDatabase database) throws Exception {
        database.allowDuplicates();
        database.addUsers("ada", 3);
        database.add("twice", "ADA1@perch.example", Map.of());
        database.add("other", "mona@perch.example", Map.of());
        database.add("mona", "else@perch.example", Map.of());
        UserRepresentation mona = new UserRepresentation();
        mona.setUsername("mona");
        mona.setEmail("mona@perch.example");
        mona.setEnabled(true);
        realm.realm.users().create(mona).close();
        String component = realm.connect(database);
        // Two rows have this address, so it identifies no user
        assertEquals(400, realm.grant.signIn("ada1@perch.example", PASSWORD));
        SynchronizationResultRepresentation result = realm.sync(component, "triggerFullSync");
        assertEquals(3, result.getAdded());
        assertEquals(3, result.getFailed());
        assertEquals(4, realm.count());
        assertEquals(400, realm.grant.signIn("mona", PASSWORD));
        assertEquals(400, realm.grant.signIn("other", PASSWORD));
    }

    /** The old database has used a key again, or the table is that of another service. */
    @Test
    void anotherPersonWithTheSameKeyDoesNotGetTheAccount() throws Exception {
        postgresql.addUsers("ada", 1);
        String component = realm.connect(postgresql);
        realm.sync(component, "triggerFullSync");
        postgresql.change(
                "ada1",
                Map.of(
                        "email", "mona@perch.example",
                        "username", "mona",
                        "hashed_password", OldDatabase.OTHER_HASH));
        realm.sync(component, "triggerFullSync");

        assertEquals(400, realm.grant.signIn("ada1", OldDatabase.OTHER_PASSWORD));
        assertEquals(400, realm.grant.signIn("mona", OldDatabase.OTHER_PASSWORD));
        assertEquals(200, realm.grant.signIn("ada1", PASSWORD));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aDeletedUserIsNotImportedAgain(OldDatabase database) throws Exception {
        database.addUsers("ada", 2);
        String component = realm.connect(database);
        assertEquals(200, realm.grant.signIn("ada1", PASSWORD));
        realm.realm.users().get(realm.user("ada1").getId()).remove();

        assertEquals(400, realm.grant.signIn("ada1", PASSWORD));
        assertEquals(400, realm.grant.signIn("ada1@perch.example", PASSWORD));
        realm.sync(component, "triggerFullSync");
        assertEquals(400, realm.grant.signIn("ada1", PASSWORD));
        assertEquals(1, realm.count());
        assertEquals(200, realm.grant.signIn("ada2", PASSWORD));
    }
}
