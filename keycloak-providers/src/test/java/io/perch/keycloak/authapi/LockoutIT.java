package io.perch.keycloak.authapi;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.WrongCode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** Wrong guesses of every kind lock the account, and no answer shows it. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // set before each test
class LockoutIT extends AuthApiInAServer {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private MailSink mail;
    private String alice;

    @BeforeEach
    void startMail() {
        mail = MailSink.of(realm);
        alice = realm.user("alice");
        realm.change(settings -> {
            settings.setBruteForceProtected(true);
            settings.setQuickLoginCheckMilliSeconds(0L);
        });
    }

    @AfterEach
    void stopMail() {
        mail.close();
    }

    @Test
    void thirtyWrongLoginsLock() {
        failureFactor(30);
        String wrong = "";
        for (int i = 1; i <= 30; i++) {
            wrong = api.login("alice", "wrong").body();
            awaitCount(i);
        }
        Answer locked = api.login("alice", AuthApiRealm.PASSWORD);
        assertEquals(401, locked.status());
        assertEquals(wrong, locked.body());
        assertEquals(
                "user_temporarily_disabled", realm.events("LOGIN_ERROR").get(0).getError());
        realm.admin().attackDetection().clearBruteForceForUser(alice);
        assertEquals(200, api.login("alice", AuthApiRealm.PASSWORD).status());
    }

    @Test
    void wrongVerificationCodesLockTheAccountAndThenTheCorrectOneSignsNobodyIn() {
        failureFactor(3);
        realm.changeUser(alice, user -> user.setEmailVerified(false));
        api.post("/resend-verification", "{\"email\":\"alice@perch.example\"}");
        String code = mail.code(1);
        String wrong = "";
        for (int i = 1; i <= 3; i++) {
            wrong = verify(WrongCode.otherThan(code)).body();
            awaitCount(i);
        }
        assertEquals(401, api.login("alice", AuthApiRealm.PASSWORD).status());
        Answer locked = verify(code);
        assertEquals(400, locked.status());
        assertEquals(wrong, locked.body());
        assertEquals(
                "user_temporarily_disabled",
                realm.events("VERIFY_EMAIL_ERROR").get(0).getError());
        realm.admin().attackDetection().clearBruteForceForUser(alice);
        assertEquals(200, verify(code).status());
    }

    @Test
    void parallelGuessesOfThePasswordBesideACorrectCodeGetNoMoreThanTheLockAllows() {
        failureFactor(3);
        realm.changeUser(alice, user -> user.setEmailVerified(false));
        api.post("/resend-verification", "{\"email\":\"alice@perch.example\"}");
        String body =
                "{\"email\":\"alice@perch.example\",\"code\":\"%s\",\"password\":\"wrong\"}".formatted(mail.code(1));
        for (int wave = 0; wave < 3; wave++) {
            List<Answer> answers = atOnce(40, () -> api.post("/verify-email", body));
            assertTrue(
                    answers.stream()
                            .allMatch(answer -> answer.status() == 503
                                    ? answer.header("retry-after").equals("1")
                                    : List.of("invalid_credentials", "invalid_code")
                                            .contains(answer.error())),
                    answers::toString);
        }
        assertEquals(3, wrongPasswords("VERIFY_EMAIL_ERROR"));
    }

    @Test
    void wrongResetCodesLockTheAccountAndANewCodeStillSetsAPassword() {
        failureFactor(3);
        api.post("/forgot-password", "{\"email\":\"alice@perch.example\"}");
        String code = mail.code(1);
        for (int i = 1; i <= 3; i++) {
            assertEquals("invalid_code", reset(WrongCode.otherThan(code)).error());
            awaitCount(i);
        }
        assertEquals(401, api.login("alice", AuthApiRealm.PASSWORD).status());
        // As on Keycloak's pages: a user who has forgotten the password may be locked out first, and then resets the
        // password
        assertEquals(204, reset(code).status());
        assertEquals(401, api.login("alice", "another horse battery").status());
        realm.admin().attackDetection().clearBruteForceForUser(alice);
        assertEquals(200, api.login("alice", "another horse battery").status());
    }

    private void failureFactor(int failures) {
        realm.change(settings -> settings.setFailureFactor(failures));
    }

    // Keycloak counts in the background and may lose one of two simultaneous counts, so the test waits for each
    private void awaitCount(int count) {
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Objects.equals(
                        count,
                        realm.admin()
                                .attackDetection()
                                .bruteForceUserStatus(alice)
                                .get("numFailures")));
    }

    private Answer verify(String code) {
        return api.post("/verify-email", "{\"email\":\"alice@perch.example\",\"code\":\"%s\"}".formatted(code));
    }

    private Answer reset(String code) {
        return api.post(
                "/reset-password",
                "{\"email\":\"alice@perch.example\",\"code\":\"%s\",\"new_password\":\"another horse battery\"}"
                        .formatted(code));
    }
}
