package io.perch.keycloak.legacy;

import static io.perch.keycloak.legacy.OldDatabase.PASSWORD;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.MetricsIT;
import io.perch.keycloak.PageBrowser;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An old database that does not answer is an error, and not an unknown user. */
class LegacyOutageIT extends LegacyUsersInAServer {

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mongodb"})
    void aDatabaseThatIsDownIsASpecialErrorAndNotAnUnknownUser(String vendor) throws Exception {
        try (OldDatabase dying = vendor.equals("mongodb") ? OldDatabase.mongodb() : OldDatabase.postgresql()) {
            dying.addUsers("mona", 2);
            realm.connect(dying, "timeout", "5000");
            assertEquals(200, realm.grant.signIn("mona1", PASSWORD));
        }
        for (String name : List.of("mona2", "mona2@perch.example", "nobody")) {
            HttpResponse<String> refused = realm.grant.answer(name, PASSWORD);
            assertEquals(503, refused.statusCode(), refused.body());
            assertTrue(refused.body().contains("temporarily_unavailable"), refused.body());
            HttpResponse<String> problem = login(name, PASSWORD);
            assertEquals(503, problem.statusCode(), problem.body());
            assertTrue(problem.body().contains("urn:perch:problem:temporarily-unavailable"), problem.body());
        }
        assertEquals(200, realm.grant.signIn("mona1", PASSWORD));
        assertEquals(400, realm.grant.signIn("mona1", "wrong"));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aSlowDatabaseTimesOut(OldDatabase database) throws Exception {
        database.addUsers("ada", 1);
        realm.connect(database, "timeout", "1000");
        await().until(() -> realm.grant.signIn("nobody", PASSWORD) == 400);
        try (AutoCloseable freezing = database.freeze()) {
            assertTrue(freezing != null);
            long began = System.nanoTime();
            assertEquals(503, realm.grant.signIn("ada1", PASSWORD));
            long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
            assertTrue(millis < 2_500, () -> millis + " ms");
        }
        await().until(() -> realm.grant.signIn("ada1", PASSWORD) == 200);
    }

    @Test
    void aTableThatIsWrongIsAnErrorOnThePageToo() throws Exception {
        postgresql.addUsers("ada", 1);
        realm.connect(postgresql);
        postgresql.run("alter table users rename column hashed_password to password");
        PageBrowser browser = new PageBrowser();
        browser.open(realm.signInPage());
        String page = browser.submit("username", "ada1", "password", PASSWORD);
        assertTrue(page.contains("Your account cannot be looked up at the moment"), page);
        assertFalse(page.contains("Invalid username"), page);
        postgresql.run("alter table users rename column password to hashed_password");
        browser.open(realm.signInPage());
        assertEquals("", browser.submit("username", "ada1", "password", PASSWORD));
    }

    @Test
    void lookupsAreCountedAndTimedByTheirResult() throws Exception {
        postgresql.addUsers("ada", 1);
        realm.connect(postgresql);
        double found = lookups("found");
        double notFound = lookups("not_found");
        double unavailable = lookups("unavailable");

        assertEquals(200, realm.grant.signIn("ada1", PASSWORD));
        assertEquals(1, lookups("found") - found);
        assertEquals(400, realm.grant.signIn("nobody", PASSWORD));
        assertEquals(1, lookups("not_found") - notFound);
        postgresql.drop();
        assertEquals(503, realm.grant.signIn("nobody", PASSWORD));
        assertEquals(1, lookups("unavailable") - unavailable);

        String metrics = keycloak.metrics();
        assertTrue(MetricsIT.value(metrics, "perch_legacy_lookups_seconds_sum{result=\"found\"}") > 0, () -> metrics);
        assertFalse(metrics.contains("ada1"), "no metric names a user");
    }

    private static double lookups(String result) {
        return MetricsIT.value(keycloak.metrics(), "perch_legacy_lookups_seconds_count{result=\"" + result + "\"}");
    }
}
