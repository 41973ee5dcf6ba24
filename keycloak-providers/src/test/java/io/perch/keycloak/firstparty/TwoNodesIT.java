package io.perch.keycloak.firstparty;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Two nodes on PostgreSQL. */
@SuppressWarnings("NullAway.Init") // set before the tests
class TwoNodesIT extends TwoNodes {

    private static EmbeddedPostgres database;

    @BeforeAll
    static void start() throws IOException {
        database = EmbeddedPostgres.builder().start();
        startNodes("postgres", database.getJdbcUrl("postgres", "postgres"), "postgres");
    }

    @AfterAll
    static void stop() throws IOException {
        stopNodes();
        database.close();
    }
}
