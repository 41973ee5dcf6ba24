package io.perch.keycloak.legacy;

import static io.perch.keycloak.legacy.OldDatabase.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Which configurations of the federation are refused, and what it does without an option. */
class LegacyConfigurationIT extends LegacyUsersInAServer {

    @Test
    void aConfigurationThatCannotWorkIsNotSaved() {
        postgresql.addUsers("ada", 1);
        mongodb.addUsers("ada", 1);
        assertAll(
                refused(postgresql, "host", "not a host", "host"),
                refused(postgresql, "host", "localhost/x?socketFactory=a", "host"),
                refused(postgresql, "host", "localhost,127.0.0.1", "host"),
                refused(postgresql, "table", "users; drop table users", "table"),
                refused(postgresql, "column-email", "email)", "column-email"),
                refused(postgresql, "timeout", "5", "timeout"),
                refused(postgresql, "roles", "admin", "roles"),
                refused(postgresql, "preset", "other", "preset"),
                refused(postgresql, "user", "", "user"),
                refused(postgresql, "column-role", "no_such_column", "42703"),
                refused(postgresql, "database", "nowhere", "3D000"),
                refused(postgresql, "port", "1", "08001"),
                refused(mongodb, "host", "mongodb://localhost", "host"),
                refused(mongodb, "table", "$cmd", "table"),
                refused(mongodb, "column-email", "$where", "column-email"),
                refused(mongodb, "auth-source", "a/b", "auth-source"),
                refused(mongodb, "column-hashed-password", "no_such_field", "no_such_field"),
                refused(mongodb, "table", "accounts", "accounts"),
                refused(mongodb, "port", "1", "does not answer"));
    }

    private Executable refused(OldDatabase database, String option, String value, String reason) {
        return () -> {
            try (Response response = realm.save(database, option, value)) {
                String body = response.readEntity(String.class);
                assertEquals(400, response.getStatus(), body);
                assertTrue(body.contains(reason), body);
            }
        };
    }

    @Test
    void theAdministratorsRealmRefusesTheFederation() {
        try (Response response = MovingRealm.save(admin.realm("master"), MovingRealm.config(postgresql))) {
            assertEquals(400, response.getStatus());
        }
    }

    @Test
    void nobodyBecomesAnAdministratorUnlessItIsConfigured() throws Exception {
        postgresql.addUsers("ada", 1);
        postgresql.change("ada1", Map.of("role", "admin", "is_superuser", true));
        try (Response response = MovingRealm.save(realm.realm, MovingRealm.configWithoutRoles(postgresql))) {
            assertEquals(201, response.getStatus());
        }
        assertEquals(200, realm.grant.signIn("ada1", PASSWORD));
        assertEquals(List.of(), realm.roles("ada1"));
    }
}
