package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import java.util.Arrays;
import java.util.List;
import org.jboss.logging.Logger;
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

    private static final Logger LOG = Logger.getLogger(EnumerationIT.class);

    /** The first two are both known. The difference between their times is noise. */
    private static final List<String> NAMES = List.of("known", "other", "unknown");

    private static final int KNOWN_NAMES = 2;
    private static final int ROUNDS = 200;
    private static final int WARM_UP_ROUNDS = 30;
    private static final int SETTLING_CALLS = 2;

    /** Rounds of one hour: a round requests three mails, and a network may request twenty. */
    private static final int ROUNDS_OF_AN_HOUR = 5;

    /** A real difference appears every time. A random one does not. */
    private static final int TRIES = 3;

    /** The largest accepted difference, as a part of the time. */
    private static final double MAX_PART = 0.05;

    /** A difference of so many milliseconds is accepted for every call. Other load on the machine can cause it. */
    private static final double MIN_MILLIS = 0.2;

    /** The largest accepted difference in milliseconds. */
    private static final double MAX_MILLIS = 0.5;

    /** A measurement must be exact enough to find a difference of so many milliseconds. */
    private static final double DETECTABLE_MILLIS = 1;

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
        measure(WARM_UP_ROUNDS, beforeAnHour, request, afterAnHour);
        boolean alike = false;
        for (int i = 0; i < TRIES && !alike; i++) {
            alike = isAlike(call, measure(ROUNDS << i, beforeAnHour, request, afterAnHour));
        }
        assertTrue(alike, call + " takes another time for known users, or the measurements are too inexact");
    }

    /** The times of {@link #NAMES}. They are measured alternately, so that other load on the machine affects all of them. */
    private double[][] measure(int rounds, Runnable beforeAnHour, Request request, Runnable afterAnHour) {
        double[][] times = new double[NAMES.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            int number = round % ROUNDS_OF_AN_HOUR;
            if (number == 0) {
                beforeAnHour.run();
            }
            for (int i = 0; i < NAMES.size(); i++) {
                // Each name is equally often first, second and last, and equally often after each of the others
                int name = Math.floorMod(round % 2 == 0 ? round / 2 + i : round / 2 - i, NAMES.size());
                settle();
                times[name][round] = request.time(NAMES.get(name) + number);
            }
            if (number == ROUNDS_OF_AN_HOUR - 1) {
                afterAnHour.run();
            }
        }
        return times;
    }

    // The same other calls before each measurement, so that the server's caches are in the same state
    private void settle() {
        for (int i = 0; i < SETTLING_CALLS; i++) {
            assertEquals(200, api.get("/openapi.json").status());
        }
    }

    private static boolean isAlike(String call, double[][] times) {
        double known = median(times[0]);
        double other = median(times[1]);
        double unknown = median(times[2]);
        double difference = Math.abs(known - unknown);
        double noise = Math.abs(known - other);
        LOG.infof(
                "enumeration %s: medians of %d in ms: known %.3f, another known %.3f, unknown %.3f; difference %.2f %%, noise %.2f %%",
                call, times[0].length, known, other, unknown, 100 * difference / known, 100 * noise / known);
        double accepted = Math.max(noise, Math.min(Math.max(MAX_PART * known, MIN_MILLIS), MAX_MILLIS));
        return difference < accepted && accepted < DETECTABLE_MILLIS - difference;
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

    private static double median(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
    }

    private interface Request {
        double time(String name);
    }
}
