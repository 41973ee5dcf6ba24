package io.perch.keycloak.legacy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.ResponseTimes;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/** In a realm with an old database, nobody sees by an answer or its time whether a user is known, in the old database, or unknown. */
@SuppressWarnings("NullAway.Init") // set before the tests
class LegacyEnumerationIT {

    /** Users who are only in the old database. Their first request imports them, so each of them is used once. */
    private static final String LEGACY = "legacy";

    /** Users who were imported and still have their old password. */
    private static final String IMPORTED = "imported";

    private static final List<String> KNOWN = List.of("known", "other");
    private static final List<String> GROUPS = List.of(KNOWN.get(0), KNOWN.get(1), "unknown", LEGACY, IMPORTED);

    /** All but the unknown ones. */
    private static final int MAILED_GROUPS = GROUPS.size() - 1;

    private static final int BATCH = 10;
    private static final int LEGACY_USERS = 4_000;
    private static final int ROUNDS = 100;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static KeycloakProcess keycloak;
    private static OldSqlDatabase old;
    private static Keycloak admin;
    private static MovingRealm realm;
    private static GreenMail mail;
    private static URI api;
    private static int legacyUsers;

    @BeforeAll
    static void start() {
        old = OldDatabase.postgresql();
        old.addUsers(LEGACY, LEGACY_USERS);
        old.addUsers(IMPORTED, BATCH);
        old.change("%", Map.of("is_verified", false));
        old.run(
                "create index on users (lower(username))",
                "create index on users (lower(email))",
                "vacuum analyze users");
        mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        keycloak = KeycloakProcess.start(
                Map.of(),
                List.of(
                        "--db=dev-mem",
                        "--db-kind-legacy=postgres",
                        "--db-kind-older=mariadb",
                        "--spi-email-code--default--cooldown=0",
                        "--spi-email-code--default--mailbox-budget=300",
                        "--spi-email-code--default--loopback-exempt=true"));
        admin = keycloak.admin();
        createRealm();
    }

    private static void createRealm() {
        realm = new MovingRealm(keycloak.address().toString(), admin);
        RealmRepresentation settings = realm.realm.toRepresentation();
        settings.setResetPasswordAllowed(true);
        // The many wrong guesses here lock nobody out
        settings.setFailureFactor(100_000);
        settings.setSmtpServer(Map.of(
                "host", "127.0.0.1",
                "port", Integer.toString(mail.getSmtp().getPort()),
                "from", "no-reply@perch.example"));
        realm.realm.update(settings);
        // Exact times need cheap hashes. LegacyGuessesIT compares expensive ones
        realm.hashCheaply();
        KNOWN.forEach(group -> IntStream.range(0, BATCH).forEach(i -> create(group + (1 + i))));
        realm.connect(old, "cost", "5", "look-up-time", "25");
        api = URI.create(keycloak.address() + "/realms/" + realm.name + "/auth-api/v1/");
        IntStream.rangeClosed(1, BATCH)
                .forEach(i ->
                        assertEquals(401, post("login", login(IMPORTED + i)).statusCode()));
    }

    private static void create(String name) {
        CredentialRepresentation password = new CredentialRepresentation();
        password.setType(CredentialRepresentation.PASSWORD);
        password.setValue(OldDatabase.PASSWORD);
        UserRepresentation user = new UserRepresentation();
        user.setUsername(name);
        user.setEmail(name + "@perch.example");
        user.setFirstName("Ada");
        user.setLastName("Perch");
        user.setEnabled(true);
        user.setCredentials(List.of(password));
        try (Response response = realm.realm.users().create(user)) {
            assertEquals(201, response.getStatus());
        }
    }

    @AfterAll
    static void stop() {
        realm.close();
        admin.close();
        keycloak.close();
        mail.stop();
        old.close();
    }

    @Test
    void aWrongPasswordTakesAsLongForAUserOfTheOldDatabase() {
        compare("login", () -> {}, name -> time("login", login(name), 401), () -> {});
    }

    @Test
    void aForgottenPasswordTakesAsLongForAUserOfTheOldDatabase() {
        compare(
                "forgot-password",
                () -> {},
                name -> time("forgot-password", mailRequest(name), 202),
                () -> awaitMails(BATCH * MAILED_GROUPS));
    }

    @Test
    void aResentCodeTakesAsLongForAUserOfTheOldDatabase() {
        compare(
                "resend-verification",
                () -> {},
                name -> time("resend-verification", mailRequest(name), 202),
                () -> awaitMails(BATCH * MAILED_GROUPS));
    }

    @Test
    void aWrongCodeTakesAsLongForAUserOfTheOldDatabase() {
        compare(
                "verify-email",
                () -> requestCodes("resend-verification"),
                name -> time("verify-email", verification(name), 400),
                () -> {});
    }

    @Test
    void aResetWithAWrongCodeTakesAsLongForAUserOfTheOldDatabase() {
        compare(
                "reset-password",
                () -> requestCodes("forgot-password"),
                name -> time("reset-password", reset(name), 400),
                () -> {});
    }

    @ParameterizedTest
    @CsvSource({"login", "forgot-password", "resend-verification", "verify-email", "reset-password"})
    void theAnswerIsTheSame(String call) {
        Map<String, String> answers = new HashMap<>();
        for (String group : GROUPS) {
            String name = name(group, 1);
            String body =
                    switch (call) {
                        case "login" -> login(name);
                        case "verify-email" -> verification(name);
                        case "reset-password" -> reset(name);
                        default -> mailRequest(name);
                    };
            answers.put(group, described(post(call, body)));
        }
        if (call.equals("forgot-password") || call.equals("resend-verification")) {
            awaitMails(MAILED_GROUPS);
        }
        assertEquals(1, answers.values().stream().distinct().count(), answers::toString);
    }

    private static String described(HttpResponse<String> answer) {
        Map<String, List<String>> headers = new HashMap<>(answer.headers().map());
        headers.remove("date");
        return answer.statusCode() + " " + headers + " " + answer.body();
    }

    private static void compare(String call, Runnable beforeBatch, Request request, Runnable afterBatch) {
        new ResponseTimes(GROUPS, ROUNDS, BATCH, LegacyEnumerationIT::otherCall)
                .compare(call, beforeBatch, (group, round) -> request.time(name(group, round)), afterBatch);
    }

    private static String name(String group, int round) {
        return group.equals(LEGACY) ? LEGACY + ++legacyUsers : group + (1 + round);
    }

    private static void otherCall() {
        try {
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(api.resolve("openapi.json")).build(), BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Requests codes, so that a wrong code is compared with a right one if the user is in Keycloak. */
    private static void requestCodes(String call) {
        for (String group : GROUPS) {
            for (int i = 0; i < BATCH && !group.equals(LEGACY); i++) {
                assertEquals(202, post(call, mailRequest(name(group, i))).statusCode());
            }
        }
        awaitMails(BATCH * (MAILED_GROUPS - 1));
    }

    /** Waits for a number of mails and deletes them. Fails if there are more. */
    private static void awaitMails(int mails) {
        await().atMost(Duration.ofSeconds(20)).until(() -> mail.getReceivedMessages().length >= mails);
        assertEquals(mails, mail.getReceivedMessages().length);
        try {
            mail.purgeEmailFromAllMailboxes();
        } catch (FolderException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String login(String name) {
        return "{\"username\":\"%s\",\"password\":\"wrong\"}".formatted(name);
    }

    private static String mailRequest(String name) {
        return "{\"email\":\"%s@perch.example\"}".formatted(name);
    }

    private static String verification(String name) {
        return "{\"email\":\"%s@perch.example\",\"code\":\"000000\"}".formatted(name);
    }

    private static String reset(String name) {
        return "{\"email\":\"%s@perch.example\",\"code\":\"000000\",\"new_password\":\"another horse battery\"}"
                .formatted(name);
    }

    private static double time(String call, String body, int status) {
        long start = System.nanoTime();
        HttpResponse<String> answer = post(call, body);
        double millis = (System.nanoTime() - start) / 1e6;
        assertEquals(status, answer.statusCode(), answer::body);
        return millis;
    }

    private static HttpResponse<String> post(String call, String body) {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(api.resolve(call))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static UncheckedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new UncheckedIOException(new InterruptedIOException());
    }

    private interface Request {
        double time(String name);
    }
}
