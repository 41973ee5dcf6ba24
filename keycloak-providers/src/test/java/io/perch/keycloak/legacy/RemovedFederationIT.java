package io.perch.keycloak.legacy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perch.keycloak.DirectGrant;
import io.perch.keycloak.KeycloakProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.representations.idm.ComponentRepresentation;

/** Every node closes its connections to an old database that is not configured any more. */
class RemovedFederationIT {

    /** The documented limit is half a minute. The rest is for a busy machine. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void allNodesCloseTheConnectionsOfAChangedOrRemovedFederation() throws Exception {
        try (EmbeddedPostgres database = EmbeddedPostgres.builder().start();
                OldSqlDatabase old = OldDatabase.postgresql();
                KeycloakProcess one = start(database);
                KeycloakProcess other = start(database);
                Keycloak admin = one.admin()) {
            old.addUsers("ada", 1);
            MovingRealm realm = new MovingRealm(one.address().toString(), admin);
            DirectGrant otherGrant = new DirectGrant(other.address().toString(), realm.name);
            String id = realm.connect(old, "timeout", "10000");
            assertEquals(400, realm.grant.signIn("nobody", "wrong"));
            assertEquals(400, otherGrant.signIn("nobody", "wrong"));
            assertEquals(2, connections(old));

            ComponentRepresentation component =
                    realm.realm.components().component(id).toRepresentation();
            component.getConfig().putSingle("timeout", "9000");
            realm.realm.components().component(id).update(component);
            await("the old settings").atMost(LIMIT).until(() -> connections(old) == 0);

            assertEquals(400, realm.grant.signIn("nobody", "wrong"));
            assertEquals(400, otherGrant.signIn("nobody", "wrong"));
            assertEquals(2, connections(old));
            realm.realm.components().component(id).remove();
            await("the removed federation").atMost(LIMIT).until(() -> connections(old) == 0);
        }
    }

    private static KeycloakProcess start(EmbeddedPostgres database) {
        return KeycloakProcess.start(
                Map.of(),
                List.of(
                        "--db=postgres",
                        "--db-url=" + database.getJdbcUrl("postgres", "postgres"),
                        "--db-username=postgres",
                        "--db-password=",
                        "--cache=ispn",
                        "--cache-embedded-network-bind-address=127.0.0.1"));
    }

    /** The connections of others to the old database. */
    private static int connections(OldSqlDatabase old) throws SQLException {
        try (Connection connection = old.connect();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("select count(*) from pg_stat_activity"
                        + " where backend_type = 'client backend' and pid <> pg_backend_pid()")) {
            count.next();
            return count.getInt(1);
        }
    }
}
