package io.perch.keycloak.emailcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.DirectGrant;
import io.perch.keycloak.KeycloakProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.representations.idm.EventRepresentation;

/** Two servers with one database, one cluster and one address: what holds on both, and what each counts alone. */
@SuppressWarnings("NullAway.Init") // set before the tests
class TwoNodesIT {

    private static final String NEW_PASSWORD = "another horse battery";
    private static final String ADA = "ada@perch.example";
    private static final int GUESS_BUDGET = 30;
    private static final int REGISTRATION_BUDGET = 3;
    private static final Pattern TWO_NODES = Pattern.compile("vendor_cluster_size\\{.*} 2\\.0");
    private static final Pattern REFUSED_BY_BUDGET = Pattern.compile(
            "perch_email_codes_refused_total\\{(?=.*purpose=\"reset_password\")(?=.*reason=\"budget\").*} ([0-9.]+)");
    private static final Pattern REFRESH_TOKEN = Pattern.compile("\"refresh_token\":\"([^\"]+)\"");

    private static EmbeddedPostgres database;
    private static KeycloakProcess one;
    private static KeycloakProcess other;
    private static Keycloak admin;

    private CodesRealm realm;
    private CodesApi atOne;
    private CodesApi atOther;

    @BeforeAll
    static void startNodes() throws IOException {
        database = EmbeddedPostgres.builder().start();
        List<String> options = List.of(
                "--db=postgres",
                "--db-url=" + database.getJdbcUrl("postgres", "postgres"),
                "--db-username=postgres",
                "--db-password=",
                "--hostname=http://perch.example",
                // So that a test can send requests of several clients
                "--proxy-headers=xforwarded",
                "--spi-email-code--default--cooldown=0",
                "--spi-email-code--default--guess-budget=" + GUESS_BUDGET,
                "--spi-realm-restapi-extension--auth-api--registration-budget=" + REGISTRATION_BUDGET);
        one = KeycloakProcess.startNode("first", options);
        other = KeycloakProcess.startNode("second", options);
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> isOfTwoNodes(one) && isOfTwoNodes(other));
        admin = one.admin();
    }

    private static boolean isOfTwoNodes(KeycloakProcess node) {
        return node.metrics().lines().anyMatch(line -> TWO_NODES.matcher(line).matches());
    }

    @AfterAll
    static void stopNodes() throws IOException {
        admin.close();
        other.close();
        one.close();
        database.close();
    }

    @BeforeEach
    void createRealm() {
        realm = new CodesRealm(admin);
        atOne = new CodesApi(one.address(), realm);
        atOther = new CodesApi(other.address(), realm);
    }

    @AfterEach
    void deleteRealm() {
        realm.close();
    }

    @Test
    void aCodeOfOneNodeWorksAtTheOtherAndOnlyOnce() throws Exception {
        realm.createUser("ada", true);
        atOne.post("forgot-password", "email", ADA);
        String code = realm.codeOfMail(1);
        assertEquals(204, atOther.post("reset-password", reset(code)));
        assertEquals(400, atOne.post("reset-password", reset(code)));
        assertEquals(400, atOther.post("reset-password", reset(code)));
        for (CodesApi node : List.of(atOne, atOther)) {
            assertEquals(401, node.post("login", "username", "ada", "password", CodesRealm.PASSWORD));
            assertEquals(200, node.post("login", "username", "ada", "password", NEW_PASSWORD));
        }
    }

    @Test
    void ofParallelPostsAtBothNodesOneSucceeds() throws Exception {
        realm.createUser("ada", true);
        for (int round = 1; round <= 3; round++) {
            atOne.from("10.1.0." + round).post("forgot-password", "email", ADA);
            String code = realm.codeOfMail(round);
            List<Integer> statuses = atBoth(5, "10.1.0." + round, "reset-password", reset(code));
            assertEquals(1, count(statuses, 204), statuses::toString);
            assertEquals(9, count(statuses, 400), statuses::toString);
            assertEquals(round, realm.events("RESET_PASSWORD").size());
        }
    }

    @Test
    void guessesAtBothNodesCountTogether() throws Exception {
        realm.createUser("ada", true);
        atOne.post("forgot-password", "email", ADA);
        String code = realm.codeOfMail(1);
        String wrong = other(code);
        for (CodesApi node : List.of(atOne, atOther, atOne, atOther, atOne)) {
            assertEquals(400, node.post("reset-password", reset(wrong)));
        }
        assertEquals(400, atOther.post("reset-password", reset(code)));
        assertEquals(List.of(5), attempts());
    }

    @Test
    void parallelGuessesAtBothNodesAreCountedExactly() throws Exception {
        realm.createUser("ada", true);
        atOne.post("forgot-password", "email", ADA);
        String code = realm.codeOfMail(1);
        assertEquals(Collections.nCopies(20, 400), atBoth(10, "10.2.0.1", "reset-password", reset(other(code))));
        assertEquals(List.of(5), attempts());
        assertEquals(400, atOther.post("reset-password", reset(code)));
    }

    @Test
    void theBudgetOfAMailboxHoldsOverBothNodes() throws Exception {
        realm.createUser("ada", true);
        double refused = refusedByBudget();
        for (int i = 0; i < 3; i++) {
            assertEquals(202, atOne.post("forgot-password", "email", ADA));
            assertEquals(202, atOther.post("forgot-password", "email", ADA));
        }
        // One network may use three of the five mails of a mailbox
        Awaitility.await().atMost(Duration.ofSeconds(15)).until(() -> refusedByBudget() == refused + 3);
        realm.mail(3);
        for (int i = 1; i <= 3; i++) {
            assertEquals(202, (i % 2 == 0 ? atOne : atOther).from("10.3.0." + i).post("forgot-password", "email", ADA));
        }
        Awaitility.await().atMost(Duration.ofSeconds(15)).until(() -> refusedByBudget() == refused + 4);
        realm.mail(5);
        assertEquals(5, realm.mails());
    }

    /** As documented: an attacker has the guess budget of each node. */
    @Test
    void eachNodeCountsTheGuessesOfANetworkAlone() throws Exception {
        realm.createUser("ada", true);
        atOne.from("10.4.0.1").post("forgot-password", "email", ADA);
        String code = realm.codeOfMail(1);
        for (int i = 0; i < GUESS_BUDGET; i++) {
            assertEquals(400, atOne.from("10.4.0.2").post("reset-password", guess("nobody", "000000")));
        }
        assertEquals(400, atOne.from("10.4.0.2").post("reset-password", reset(code)));
        assertEquals(204, atOther.from("10.4.0.2").post("reset-password", reset(code)));
    }

    /** As documented: a network has the registration budget of each node. */
    @Test
    void eachNodeCountsRegistrationsAlone() throws Exception {
        for (int i = 0; i < REGISTRATION_BUDGET; i++) {
            assertEquals(201, register(atOne.from("10.5.0.1"), "ada" + i));
        }
        assertEquals(429, register(atOne.from("10.5.0.1"), "mona"));
        assertEquals(201, register(atOther.from("10.5.0.1"), "mona"));
    }

    @Test
    void ofParallelRegistrationsAtBothNodesOneSucceeds() throws Exception {
        List<Integer> statuses = atBoth(REGISTRATION_BUDGET, "10.6.0.1", "register", registration("ada"));
        assertEquals(1, count(statuses, 201), statuses::toString);
        assertEquals(2 * REGISTRATION_BUDGET - 1, count(statuses, 409), statuses::toString);
        assertEquals(1, realm.realm.users().count());
    }

    @Test
    void wrongPasswordsAtBothNodesLockTheUserAtBoth() throws Exception {
        String id = realm.createUser("ada", true);
        protectFromGuessing(4);
        for (CodesApi node : List.of(atOne, atOther, atOne, atOther)) {
            assertEquals(401, node.post("login", "username", "ada", "password", "wrong"));
        }
        // Keycloak records a failure just after the answer
        Awaitility.await().until(() -> isLocked(id));
        assertEquals(401, atOne.post("login", "username", "ada", "password", CodesRealm.PASSWORD));
        assertEquals(401, atOther.post("login", "username", "ada", "password", CodesRealm.PASSWORD));
        assertEquals(4, passwordsTried());
    }

    /** As documented: two nodes may compare one password more than the realm allows. */
    @Test
    void parallelGuessesOfAPasswordAtBothNodesAreLimited() throws Exception {
        realm.createUser("ada", true);
        protectFromGuessing(4);
        List<Integer> statuses = atBoth(10, "10.7.0.1", "login", "username", "ada", "password", "wrong");
        assertEquals(Collections.nCopies(20, 401), statuses);
        assertEquals(401, atOther.post("login", "username", "ada", "password", CodesRealm.PASSWORD));
        long tried = passwordsTried();
        assertTrue(tried == 4 || tried == 5, () -> tried + " passwords tried");
    }

    @Test
    void aUserDeletedAtOneNodeIsGoneAtTheOtherAtOnce() throws Exception {
        String id = realm.createUser("ada", true);
        atOne.post("forgot-password", "email", ADA);
        String code = realm.codeOfMail(1);
        // The other node has the user in its cache
        assertEquals(200, atOther.post("login", "username", "ada", "password", CodesRealm.PASSWORD));
        String token = refreshToken();
        assertEquals(200, refresh(token));
        realm.realm.users().get(id).remove();
        assertEquals(401, atOther.post("login", "username", "ada", "password", CodesRealm.PASSWORD));
        assertEquals(400, atOther.post("reset-password", reset(code)));
        assertEquals(400, refresh(token));
    }

    @Test
    void aChangeOfTheRealmAtOneNodeHoldsAtTheOtherAtOnce() throws Exception {
        realm.createUser("ada", true);
        assertEquals(202, atOther.post("forgot-password", "email", ADA));
        realm.mail(1);
        realm.change(settings -> settings.getAttributes().put("auth-api.enabled", "false"));
        assertEquals(404, atOther.post("forgot-password", "email", ADA));
        realm.change(settings -> {
            settings.getAttributes().put("auth-api.enabled", "true");
            settings.getAttributes().put("email-code.reset-link", "https://app.example/reset?token={token}");
        });
        assertEquals(202, atOther.post("forgot-password", "email", ADA));
        assertTrue(CodesRealm.text(realm.mail(2)).contains("https://app.example/reset?token="));
        realm.change(settings -> settings.setResetPasswordAllowed(false));
        assertEquals(403, atOther.post("forgot-password", "email", ADA));
    }

    private void protectFromGuessing(int failures) {
        realm.change(settings -> {
            settings.setBruteForceProtected(true);
            settings.setFailureFactor(failures);
            // A quick second guess would lock the user before the limit
            settings.setQuickLoginCheckMilliSeconds(0L);
        });
    }

    private boolean isLocked(String userId) {
        return Boolean.TRUE.equals(
                realm.realm.attackDetection().bruteForceUserStatus(userId).get("disabled"));
    }

    /** Guesses for which the password was compared. Later ones are refused without it. */
    private long passwordsTried() {
        return realm.events("LOGIN_ERROR").stream()
                .map(EventRepresentation::getError)
                .filter("invalid_user_credentials"::equals)
                .count();
    }

    private List<Integer> atBoth(int times, String address, String call, String... members) {
        CompletableFuture<List<Integer>> first =
                CompletableFuture.supplyAsync(() -> atOne.from(address).postAtOnce(times, call, members));
        List<Integer> second = atOther.from(address).postAtOnce(times, call, members);
        return Stream.concat(first.join().stream(), second.stream()).toList();
    }

    private static long count(List<Integer> statuses, int status) {
        return Collections.frequency(statuses, status);
    }

    private static int register(CodesApi node, String username) throws IOException, InterruptedException {
        return node.post("register", registration(username));
    }

    private static String[] registration(String username) {
        return new String[] {
            "username",
            username,
            "email",
            username + "@perch.example",
            "password",
            NEW_PASSWORD,
            "first_name",
            "Ada",
            "last_name",
            "Perch"
        };
    }

    private static String[] reset(String code) {
        return guess("ada", code);
    }

    private static String[] guess(String username, String code) {
        return new String[] {"email", username + "@perch.example", "code", code, "new_password", NEW_PASSWORD};
    }

    private static String other(String code) {
        return code.equals("000000") ? "000001" : "000000";
    }

    /** Refused mails for a reset, at both nodes. */
    private static double refusedByBudget() {
        return Stream.of(one, other)
                .flatMap(node -> REFUSED_BY_BUDGET.matcher(node.metrics()).results())
                .mapToDouble(line -> Double.parseDouble(line.group(1)))
                .sum();
    }

    /** The counts of guesses at the codes of this test's realm. */
    private static List<Integer> attempts() throws SQLException {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select ATTEMPTS from PERCH_EMAIL_CODE where ID not like 'decoy%' order by ISSUED_AT desc limit 1")) {
            rows.next();
            return List.of(rows.getInt(1));
        }
    }

    private String refreshToken() throws IOException, InterruptedException {
        String answer = new DirectGrant(one.address().toString(), realm.name)
                .answer("ada", CodesRealm.PASSWORD)
                .body();
        Matcher token = REFRESH_TOKEN.matcher(answer);
        assertTrue(token.find(), answer);
        return token.group(1);
    }

    private int refresh(String token) throws IOException, InterruptedException {
        URI address = other.address().resolve("/realms/" + realm.name + "/protocol/openid-connect/token");
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(address)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString(
                                        "grant_type=refresh_token&client_id=admin-cli&refresh_token=" + token))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }
}
