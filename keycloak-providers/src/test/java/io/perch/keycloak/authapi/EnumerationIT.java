package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.ResponseTimes;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.remote.timeoffset.InjectTimeOffSet;
import org.keycloak.testframework.remote.timeoffset.TimeOffSet;

/** Known and unknown users take the same time. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // set before each test
class EnumerationIT extends AuthApiInAServer {

    private static final List<String> NAMES = List.of("known", "other", "unknown");

    private static final int KNOWN_NAMES = 2;
    private static final int ROUNDS = 200;

    /** Rounds of one hour: a round requests three mails, and a network may request twenty. */
    private static final int ROUNDS_OF_AN_HOUR = 5;

    private static final String MAIL_REQUEST = "{\"email\":\"%s@perch.example\"}";

    @InjectTimeOffSet
    TimeOffSet time;

    private MailSink mail;
    private int hours;

    @BeforeEach
    void createUsers() {
        mail = MailSink.of(realm);
        // As in a production realm, except that the many wrong guesses here lock nobody out
        realm.change(settings -> {
            settings.setBruteForceProtected(true);
            settings.setFailureFactor(100_000);
            settings.setQuickLoginCheckMilliSeconds(0L);
        });
        for (String name : NAMES.subList(0, KNOWN_NAMES)) {
            for (int i = 0; i < ROUNDS_OF_AN_HOUR; i++) {
                realm.changeUser(realm.user(name + i), user -> user.setEmailVerified(false));
            }
        }
    }

    @AfterEach
    void stopMail() {
        mail.close();
        time.set(0);
    }

    @Test
    void aWrongPasswordTakesAsLongAsAnUnknownUser() {
        compare(
                "login",
                () -> {},
                name -> time("/login", "{\"username\":\"%s\",\"password\":\"wrong\"}".formatted(name), 401),
                () -> {});
    }

    @Test
    void aForgottenPasswordTakesAsLongForAnUnknownMailbox() {
        compare(
                "forgot-password",
                this::nextHour,
                name -> time("/forgot-password", MAIL_REQUEST.formatted(name), 202),
                this::awaitMails);
    }

    @Test
    void aResentCodeTakesAsLongForAnUnknownMailbox() {
        compare(
                "resend-verification",
                this::nextHour,
                name -> time("/resend-verification", MAIL_REQUEST.formatted(name), 202),
                this::awaitMails);
    }

    @Test
    void aWrongCodeTakesAsLongForAnUnknownMailbox() {
        compare(
                "verify-email",
                () -> nextHourWithCodes("/resend-verification"),
                name -> time(
                        "/verify-email", "{\"email\":\"%s@perch.example\",\"code\":\"000000\"}".formatted(name), 400),
                () -> {});
    }

    @Test
    void aResetWithAWrongCodeTakesAsLongForAnUnknownMailbox() {
        compare(
                "reset-password",
                () -> nextHourWithCodes("/forgot-password"),
                name -> time(
                        "/reset-password",
                        "{\"email\":\"%s@perch.example\",\"code\":\"000000\",\"new_password\":\"another horse battery\"}"
                                .formatted(name),
                        400),
                () -> {});
    }

    private void compare(String call, Runnable beforeAnHour, Request request, Runnable afterAnHour) {
        new ResponseTimes(
                        NAMES,
                        ROUNDS,
                        ROUNDS_OF_AN_HOUR,
                        () -> assertEquals(200, api.get("/openapi.json").status()))
                .compare(call, beforeAnHour, (name, round) -> request.time(name + round), afterAnHour);
    }

    private void nextHour() {
        hours++;
        time.set(hours * 3601);
    }

    /** Requests a code for every mailbox, so that a wrong code is compared with a right one where there is a user. */
    private void nextHourWithCodes(String path) {
        nextHour();
        for (String name : NAMES) {
            for (int i = 0; i < ROUNDS_OF_AN_HOUR; i++) {
                assertEquals(
                        202, api.post(path, MAIL_REQUEST.formatted(name + i)).status());
            }
        }
        awaitMails();
    }

    /** Waits until every known mailbox has its mail, and no other one has any. */
    private void awaitMails() {
        mail.swallow(KNOWN_NAMES * ROUNDS_OF_AN_HOUR);
    }

    /** Milliseconds until the answer. */
    private double time(String path, String body, int status) {
        long start = System.nanoTime();
        Answer answer = api.post(path, body);
        double millis = (System.nanoTime() - start) / 1e6;
        assertEquals(status, answer.status());
        return millis;
    }

    private interface Request {
        double time(String name);
    }
}
