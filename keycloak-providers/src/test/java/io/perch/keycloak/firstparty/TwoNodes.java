package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.Totp;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests of two servers with one database, one cluster and one address, as behind a load balancer that sends each
 * request to any of them. What is known of a flow is in the memory of the cluster.
 */
@SuppressWarnings("NullAway.Init") // set before the tests
abstract class TwoNodes {

    private static final String[] ADA = {"username", "ada", "password", FirstPartyRealm.PASSWORD};
    private static final Pattern TWO_NODES = Pattern.compile("vendor_cluster_size\\{.*} 2\\.0");

    private static KeycloakProcess first;
    private static KeycloakProcess second;

    private FirstPartyRealm realm;
    private FirstPartyApp atFirst;
    private FirstPartyApp atSecond;

    /** Starts both nodes on this database, whose user has no password. */
    static void startNodes(String kind, String url, String user) {
        List<String> options = List.of(
                "--db=" + kind,
                "--db-url=" + url,
                "--db-username=" + user,
                "--db-password=",
                "--hostname=http://perch.example");
        first = KeycloakProcess.startNode("first", options);
        second = KeycloakProcess.startNode("second", options);
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> isOfTwoNodes(first) && isOfTwoNodes(second));
    }

    private static boolean isOfTwoNodes(KeycloakProcess node) {
        return node.metrics().lines().anyMatch(line -> TWO_NODES.matcher(line).matches());
    }

    /** Stops both nodes, before their database. */
    static void stopNodes() {
        second.close();
        first.close();
    }

    @BeforeEach
    void createRealm() {
        realm = FirstPartyRealm.create(first.address());
        atFirst = new FirstPartyApp(realm, FirstPartyRealm.APP);
        atSecond = atFirst.at(second.address());
    }

    @AfterEach
    void deleteRealm() {
        realm.close();
    }

    @Test
    void everyStepMayGoToAnotherNode() {
        realm.userWithApp("ada");
        AppAnswer otp = atSecond.step(atFirst.start(), ADA);
        assertEquals("otp", otp.step(), otp.body());
        AppAnswer wrong = atFirst.step(otp, "otp", "000000");
        assertTrue(wrong.failed(), wrong.body());
        AppAnswer done = atSecond.step(wrong, "otp", Totp.code());
        assertTrue(done.isDone(), done.body());
        AppAnswer tokens = atFirst.redeem(done);
        assertEquals(200, tokens.status(), tokens.body());
        assertEquals("invalid_grant", atSecond.redeem(done).error());
    }

    @Test
    void whatOneNodeHasUsedTheOtherDoesNotUseAgain() {
        realm.user("ada");
        AppAnswer start = atFirst.start();
        assertTrue(atSecond.step(start, ADA).isDone());
        assertEquals("invalid_session", atFirst.step(start, ADA).error());
        assertEquals("invalid_session", atSecond.step(start, ADA).error());
    }

    @Test
    void twentyPostsAtOnceHaveOneResult() throws InterruptedException, ExecutionException {
        realm.user("ada");
        for (int round = 1; round <= 10; round++) {
            AppAnswer start = (round % 2 == 0 ? atFirst : atSecond).start();
            List<AppAnswer> answers = atBoth(start, ADA);
            assertEquals(1, answers.stream().filter(AppAnswer::isDone).count(), () -> answers.toString());
            assertEquals(19, count(answers, "invalid_session"), () -> answers.toString());
            assertEquals(round, realm.events("LOGIN").size());
        }
    }

    @Test
    void twentyGuessesAtOnceAreOneGuess() throws InterruptedException, ExecutionException {
        realm.user("ada");
        AppAnswer start = atFirst.start();
        List<AppAnswer> answers = atBoth(start, "username", "ada", "password", "wrong");
        assertEquals(1, answers.stream().filter(AppAnswer::failed).count());
        assertEquals(19, count(answers, "invalid_session"));
        assertEquals(1, realm.events("LOGIN_ERROR").size());
    }

    /** Whether a name is taken, the database decides. */
    @Test
    void ofRegistrationsOfOneNameAtOnceOneIsMade() throws InterruptedException, ExecutionException {
        realm.change(settings -> settings.setRegistrationAllowed(true));
        AtomicInteger number = new AtomicInteger();
        List<AppAnswer> answers = Parallel.call(6, () -> {
            FirstPartyApp app = number.getAndIncrement() % 2 == 0 ? atFirst : atSecond;
            return app.step(
                    app.start("prompt", "create"),
                    "profile",
                    "{\"username\":\"wren\",\"email\":\"wren@perch.example\",\"firstName\":\"Ada\",\"lastName\":\"Wren\"}",
                    "password",
                    FirstPartyRealm.PASSWORD);
        });
        assertEquals(1, answers.stream().filter(AppAnswer::isDone).count(), () -> answers.toString());
        for (AppAnswer answer : answers) {
            assertTrue(answer.isDone() || answer.failed() || answer.error().equals("invalid_session"), answer.body());
        }
        assertEquals(1, realm.admin().users().search("wren").size());
    }

    private List<AppAnswer> atBoth(AppAnswer start, String... members) throws InterruptedException, ExecutionException {
        AtomicInteger next = new AtomicInteger();
        return Parallel.call(20, () -> (next.getAndIncrement() % 2 == 0 ? atFirst : atSecond).step(start, members));
    }

    private static long count(List<AppAnswer> answers, String error) {
        return answers.stream().filter(answer -> answer.error().equals(error)).count();
    }
}
