package io.perch.keycloak.emailcode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.MariaDb;
import io.perch.keycloak.WrongCode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keycloak.admin.client.Keycloak;

/** The codes' tables with the databases of production systems. The other tests use H2. */
class DatabasesIT {

    private static final String PASSWORD = "another horse battery";

    @Test
    void postgresqlKeepsCodesAndCountsExactly() throws Exception {
        try (EmbeddedPostgres database = EmbeddedPostgres.builder().start()) {
            check("postgres", database.getJdbcUrl("postgres", "postgres"), "postgres");
        }
    }

    @Test
    void mariadbKeepsCodesAndCountsExactly() throws Exception {
        MariaDb database = MariaDb.start("keycloak");
        try {
            check("mariadb", "jdbc:mariadb://localhost:" + database.port() + "/keycloak", "root");
        } finally {
            database.stop();
        }
    }

    private static void check(String kind, String url, String user) throws Exception {
        List<String> options = List.of("--db=" + kind, "--db-url=" + url, "--db-username=" + user, "--db-password=");
        try (KeycloakProcess keycloak = KeycloakProcess.start(Map.of(), options);
                Keycloak admin = keycloak.admin();
                CodesRealm realm = new CodesRealm(admin)) {
            CodesApi api = new CodesApi(keycloak.address(), realm);

            assertEquals(201, register(api, "ada@perch.example"));
            String first = realm.codeOfMail(1);
            assertEquals(200, api.post("verify-email", "email", "ada@perch.example", "code", first));
            assertEquals(400, api.post("verify-email", "email", "ada@perch.example", "code", first));

            api.post("forgot-password", "email", "ada@perch.example");
            String code = realm.codeOfMail(2);
            List<Integer> statuses = api.postAtOnce(100, "reset-password", reset(WrongCode.otherThan(code)));

            assertEquals(Collections.nCopies(100, 400), statuses);
            assertEquals(List.of(5), attempts(url, user));
            assertEquals(400, api.post("reset-password", reset(code)));
            assertEquals(List.of(5), attempts(url, user));
        }
    }

    private static int register(CodesApi api, String email) throws Exception {
        return api.post("register", "email", email, "password", PASSWORD, "first_name", "Ada", "last_name", "Perch");
    }

    private static String[] reset(String code) {
        return new String[] {"email", "ada@perch.example", "code", code, "new_password", PASSWORD};
    }

    private static List<Integer> attempts(String url, String user) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user, "");
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("select ATTEMPTS from PERCH_EMAIL_CODE where ID not like 'decoy%'")) {
            List<Integer> attempts = new ArrayList<>();
            while (rows.next()) {
                attempts.add(rows.getInt(1));
            }
            return attempts;
        }
    }
}
