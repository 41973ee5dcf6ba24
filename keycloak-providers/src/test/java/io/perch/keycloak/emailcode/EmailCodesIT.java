package io.perch.keycloak.emailcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.EmailCodes.Requester;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.testframework.annotations.InjectAdminClient;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.remote.runonserver.InjectRunOnServer;
import org.keycloak.testframework.remote.runonserver.RunOnServerClient;
import org.keycloak.testframework.remote.timeoffset.InjectTimeOffSet;
import org.keycloak.testframework.remote.timeoffset.TimeOffSet;

@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
class EmailCodesIT {

    @InjectAdminClient
    Keycloak admin;

    @InjectRunOnServer(permittedPackages = "io.perch.keycloak.emailcode")
    RunOnServerClient server;

    @InjectTimeOffSet
    TimeOffSet time;

    private CodesRealm realm;
    private CodesInAServer codes;

    @BeforeEach
    void createRealm() {
        time.set(0);
        realm = new CodesRealm(admin);
        codes = new CodesInAServer(server, realm.name);
        realm.createUser("ada", false);
    }

    @AfterEach
    void deleteRealm() {
        time.set(0);
        realm.close();
    }

    @Test
    void aCodeWorksOnce() {
        assertEquals("SENT", codes.send("ada", Purpose.VERIFY_EMAIL));
        String code = realm.codeOfMail(1);
        assertEquals("ACCEPTED", codes.redeem("ada", Purpose.VERIFY_EMAIL, code));
        assertEquals("VOID", codes.redeem("ada", Purpose.VERIFY_EMAIL, code));
    }

    @Test
    void theCodeOfOneAddressDoesNotVerifyAnotherThatTheUserGetsInTheSameMoment() {
        codes.send("ada", Purpose.VERIFY_EMAIL);
        String code = realm.codeOfMail(1);
        assertNotEquals("ACCEPTED", codes.verifyWhileTheAddressChanges("ada", code, "eve@perch.example"));
        assertEquals("eve@perch.example", realm.user("ada").getEmail());
        assertFalse(realm.user("ada").isEmailVerified());
    }

    @Test
    void aCheckedCodeStaysValid() {
        codes.send("ada", Purpose.RESET_PASSWORD);
        String code = realm.codeOfMail(1);
        for (int i = 0; i < 6; i++) {
            assertEquals("ACCEPTED", codes.check("ada", Purpose.RESET_PASSWORD, code));
        }
        assertEquals("WRONG", codes.check("ada", Purpose.RESET_PASSWORD, other(code)));
        assertEquals("ACCEPTED", codes.redeem("ada", Purpose.RESET_PASSWORD, code));
    }

    @Test
    void aHundredGuessesAtOnceUseUpExactlyFiveAttempts() {
        codes.send("ada", Purpose.RESET_PASSWORD);
        String code = realm.codeOfMail(1);

        List<String> verdicts = codes.redeemAtOnce("ada", Purpose.RESET_PASSWORD, other(code), 100);

        assertEquals(5, Collections.frequency(verdicts, "WRONG"), verdicts::toString);
        assertEquals(95, Collections.frequency(verdicts, "VOID"), verdicts::toString);
        assertEquals("VOID", codes.redeem("ada", Purpose.RESET_PASSWORD, code));
    }

    @Test
    void codesAreLongerAfterWrongGuessesUntilOneIsEntered() {
        for (int i = 0; i < 2; i++) {
            time.set(i * 62);
            codes.send("ada", Purpose.RESET_PASSWORD);
            String code = realm.codeOfMail(i + 1);
            assertEquals(6, code.length());
            for (int guess = 0; guess < 5; guess++) {
                assertEquals("WRONG", codes.redeem("ada", Purpose.RESET_PASSWORD, other(code)));
            }
        }
        time.set(2 * 62);
        codes.send("ada", Purpose.RESET_PASSWORD);
        String code = realm.codeOfMail(3);
        assertEquals(12, code.length());
        assertEquals("ACCEPTED", codes.redeem("ada", Purpose.RESET_PASSWORD, code));
        time.set(3 * 62);
        codes.send("ada", Purpose.RESET_PASSWORD);
        assertEquals(6, realm.codeOfMail(4).length());
    }

    @Test
    void wrongGuessesCountForThirtyDays() {
        for (int i = 0; i < 2; i++) {
            time.set(i * 62);
            codes.send("ada", Purpose.RESET_PASSWORD);
            String code = realm.codeOfMail(i + 1);
            for (int guess = 0; guess < 5; guess++) {
                codes.redeem("ada", Purpose.RESET_PASSWORD, other(code));
            }
        }
        time.set(29 * 24 * 3600);
        codes.send("ada", Purpose.RESET_PASSWORD);
        assertEquals(12, realm.codeOfMail(3).length());
        time.set(31 * 24 * 3600);
        codes.send("ada", Purpose.RESET_PASSWORD);
        assertEquals(6, realm.codeOfMail(4).length());
    }

    @Test
    void aNetworkWithTooManyWrongGuessesCanUseOnlyTheCodesThatItRequested() {
        realm.createUser("mona", false);
        codes.sendFrom("192.0.2.1", "mona", Purpose.RESET_PASSWORD);
        String others = realm.codeOfMailTo("mona", 1);
        codes.send("ada", Purpose.RESET_PASSWORD);
        String own = realm.codeOfMailTo("ada", 1);
        assertEquals("ACCEPTED", codes.check("mona", Purpose.RESET_PASSWORD, others));
        for (int i = 0; i < 60; i++) {
            codes.redeem("ada", Purpose.VERIFY_EMAIL, "000000");
        }
        assertEquals("VOID", codes.redeem("mona", Purpose.RESET_PASSWORD, others));
        assertEquals("ACCEPTED", codes.redeem("ada", Purpose.RESET_PASSWORD, own));
        time.set(3602);
        codes.sendFrom("192.0.2.1", "mona", Purpose.RESET_PASSWORD);
        assertEquals("ACCEPTED", codes.redeem("mona", Purpose.RESET_PASSWORD, realm.codeOfMailTo("mona", 2)));
    }

    @Test
    void onlyOneOfManySimultaneousCorrectGuessesIsAccepted() {
        codes.send("ada", Purpose.LOGIN);
        List<String> verdicts = codes.redeemAtOnce("ada", Purpose.LOGIN, realm.codeOfMail(1), 20);
        assertEquals(1, Collections.frequency(verdicts, "ACCEPTED"), verdicts::toString);
    }

    @Test
    void theFifthGuessCanBeCorrect() {
        codes.send("ada", Purpose.LOGIN);
        String code = realm.codeOfMail(1);
        for (int i = 0; i < 4; i++) {
            assertEquals("WRONG", codes.redeem("ada", Purpose.LOGIN, other(code)));
        }
        assertEquals("ACCEPTED", codes.redeem("ada", Purpose.LOGIN, code));
    }

    @Test
    void aCodeIsBoundToItsUserAndPurpose() {
        realm.createUser("mona", false);
        codes.send("ada", Purpose.RESET_PASSWORD);
        String code = realm.codeOfMail(1);
        codes.send("mona", Purpose.RESET_PASSWORD);
        codes.send("ada", Purpose.LOGIN);
        String others = realm.codeOfMail(2) + realm.codeOfMail(3);

        assertEquals("VOID", codes.redeem("ada", Purpose.VERIFY_EMAIL, code));
        if (!others.contains(code)) {
            assertEquals("WRONG", codes.redeem("mona", Purpose.RESET_PASSWORD, code));
            assertEquals("WRONG", codes.redeem("ada", Purpose.LOGIN, code));
        }
        assertEquals("ACCEPTED", codes.redeem("ada", Purpose.RESET_PASSWORD, code));
    }

    @Test
    void aCodeIsBoundToItsRealm() {
        try (CodesRealm elsewhere = new CodesRealm(admin)) {
            elsewhere.createUser("ada", false);
            codes.send("ada", Purpose.LOGIN);
            String code = realm.codeOfMail(1);
            CodesInAServer codesElsewhere = new CodesInAServer(server, elsewhere.name);
            assertEquals("VOID", codesElsewhere.redeem("ada", Purpose.LOGIN, code));
            codesElsewhere.send("ada", Purpose.LOGIN);
            if (!elsewhere.codeOfMail(1).equals(code)) {
                assertEquals("WRONG", codesElsewhere.redeem("ada", Purpose.LOGIN, code));
            }
        }
    }

    @Test
    void aChangedAddressVoidsTheCode() {
        codes.send("ada", Purpose.VERIFY_EMAIL);
        String code = realm.codeOfMail(1);
        UserRepresentation ada = realm.user("ada");
        ada.setEmail("other@perch.example");
        realm.realm.users().get(ada.getId()).update(ada);

        assertEquals("WRONG", codes.redeem("ada", Purpose.VERIFY_EMAIL, code));
    }

    @Test
    void aCodeIsValidForTenMinutes() {
        codes.send("ada", Purpose.LOGIN);
        String code = realm.codeOfMail(1);
        time.set(580);
        assertEquals("ACCEPTED", codes.check("ada", Purpose.LOGIN, code));
        time.set(602);
        assertEquals("VOID", codes.redeem("ada", Purpose.LOGIN, code));
    }

    @Test
    void anotherMailIsSentAfterAMinuteAndItsCodeReplacesThePreviousOne() {
        assertEquals("SENT", codes.send("ada", Purpose.LOGIN));
        String first = realm.codeOfMail(1);
        assertEquals("COOLING_DOWN", codes.send("ada", Purpose.LOGIN));
        assertEquals("ACCEPTED", codes.check("ada", Purpose.LOGIN, first));
        time.set(62);
        assertEquals("SENT", codes.send("ada", Purpose.LOGIN));
        String second = realm.codeOfMail(2);
        if (!second.equals(first)) {
            assertEquals("WRONG", codes.redeem("ada", Purpose.LOGIN, first));
        }
        assertEquals("ACCEPTED", codes.redeem("ada", Purpose.LOGIN, second));
    }

    @Test
    void aMailboxGetsFiveMailsOfAPurposeInAnyHour() {
        for (int i = 0; i < 5; i++) {
            time.set(i * 62);
            assertEquals("SENT", codes.send("ada", Purpose.LOGIN));
            // A mail is not sent if a newer code has replaced its code
            realm.mail(i + 1);
        }
        time.set(5 * 62);
        assertEquals("BUDGET_SPENT", codes.send("ada", Purpose.LOGIN));
        time.set(3602);
        assertEquals("SENT", codes.send("ada", Purpose.LOGIN));
        realm.mail(6);
    }

    @Test
    void anonymousRequestsDoNotSpendTheOwnersBudget() {
        String spent = "";
        for (int i = 0; !spent.equals("BUDGET_SPENT"); i++) {
            time.set(i * 62);
            spent = codes.send("ada", Purpose.VERIFY_EMAIL, Requester.ANONYMOUS);
        }
        assertEquals("SENT", codes.send("ada", Purpose.LOGIN));
        assertEquals("SENT", codes.send("ada", Purpose.RESET_PASSWORD, Requester.ANONYMOUS));
        assertEquals("SENT", codes.send("ada", Purpose.VERIFY_EMAIL));
    }

    @Test
    void oneNetworkCanSpendOnlyThreeOfTheFiveMailsOfAMailbox() {
        for (int i = 0; i < 3; i++) {
            time.set(i * 62);
            assertEquals("SENT", codes.send("ada", Purpose.RESET_PASSWORD, Requester.ANONYMOUS));
        }
        time.set(3 * 62);
        assertEquals("BUDGET_SPENT", codes.send("ada", Purpose.RESET_PASSWORD, Requester.ANONYMOUS));
        assertEquals("SENT", codes.sendFrom("192.0.2.1", "ada", Purpose.RESET_PASSWORD));
        time.set(4 * 62);
        assertEquals("SENT", codes.sendFrom("192.0.2.1", "ada", Purpose.RESET_PASSWORD));
        time.set(5 * 62);
        assertEquals("BUDGET_SPENT", codes.sendFrom("192.0.2.1", "ada", Purpose.RESET_PASSWORD));
    }

    @Test
    void aNetworkGetsTwentyMailsOfAPurposeInAnyHour() {
        for (int i = 0; i < 20; i++) {
            realm.createUser("user" + i, false);
            assertEquals("SENT", codes.send("user" + i, Purpose.RESET_PASSWORD, Requester.ANONYMOUS));
        }
        assertEquals("BUDGET_SPENT", codes.send("ada", Purpose.RESET_PASSWORD, Requester.ANONYMOUS));
        realm.mail(20);
        assertEquals("SENT", codes.sendFrom("192.0.2.1", "ada", Purpose.RESET_PASSWORD));
        assertEquals("SENT", codes.send("ada", Purpose.LOGIN));
    }

    @Test
    void aMailToAnUnknownMailboxIsNotSentButCounted() {
        for (int i = 0; i < 20; i++) {
            codes.sendLater("nobody" + i + "@perch.example", Purpose.RESET_PASSWORD);
        }
        AtomicInteger probes = new AtomicInteger();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            String name = "probe" + probes.incrementAndGet();
            realm.createUser(name, false);
            return codes.send(name, Purpose.RESET_PASSWORD, Requester.ANONYMOUS).equals("BUDGET_SPENT");
        });
        assertTrue(probes.get() <= 20, probes::toString);
        assertTrue(realm.mails() < probes.get());
        assertEquals("SENT", codes.send("ada", Purpose.VERIFY_EMAIL, Requester.NEW_ACCOUNT));
    }

    @Test
    void aKnownMailboxGetsItsMailLater() {
        codes.sendLater(" ADA@Perch.example ", Purpose.VERIFY_EMAIL);
        assertEquals("ACCEPTED", codes.redeem("ada", Purpose.VERIFY_EMAIL, realm.codeOfMail(1)));
    }

    @Test
    void aMailWaitsForTheMailServer() {
        realm.stopMailServer();
        codes.send("ada", Purpose.VERIFY_EMAIL);
        realm.startMailServer();
        assertEquals("ACCEPTED", codes.redeem("ada", Purpose.VERIFY_EMAIL, realm.codeOfMail(1)));
        Awaitility.await().until(() -> realm.events("SEND_VERIFY_EMAIL").size() == 1);
    }

    @Test
    void aMailThatCannotBeSentBecomesAnErrorEvent() {
        realm.stopMailServer();
        codes.sendLater("ada@perch.example", Purpose.RESET_PASSWORD);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> realm.events("SEND_RESET_PASSWORD_ERROR").size() == 1);
        assertEquals(
                "email_send_failed",
                realm.events("SEND_RESET_PASSWORD_ERROR").get(0).getError());
    }

    @Test
    void theMailHasThePurposeAndTheSubjectDoesNotHaveTheCode() throws MessagingException {
        codes.send("ada", Purpose.RESET_PASSWORD);
        String code = realm.codeOfMail(1);
        MimeMessage mail = realm.mail(1);
        assertFalse(mail.getSubject().contains(code));
        assertEquals("Your code to reset your password", mail.getSubject());
        assertTrue(CodesRealm.html(mail).contains(code));
        assertTrue(CodesRealm.html(mail).contains("Perch &amp; &lt;b&gt;Co"), CodesRealm.html(mail));
        assertTrue(CodesRealm.text(mail).contains("10 minutes"));
    }

    @Test
    void theDatabaseKeepsAHashAndNotTheCode() {
        codes.send("ada", Purpose.LOGIN);
        String code = realm.codeOfMail(1);
        List<String> rows = codes.rows();
        assertNotEquals(List.of(), rows);
        // Hashes and ids are random text that may contain "ada" by chance, so whole values are compared
        assertTrue(
                rows.stream()
                        .flatMap(row -> Stream.of(row.split(" ")))
                        .noneMatch(value -> value.equals(code) || value.equals("ada") || value.contains("@")),
                rows::toString);
    }

    @Test
    void theAdministratorSeesTheProviderWithItsOptions() {
        assertTrue(providers("email-code").contains("default"));
        assertTrue(providers("required-action").contains("verify-email-code"));
        assertTrue(providers("authenticator").containsAll(Set.of("reset-password-code", "login-email-code")));
    }

    private Set<String> providers(String spi) {
        return Objects.requireNonNull(
                        admin.serverInfo().getInfo().getProviders().get(spi))
                .getProviders()
                .keySet();
    }

    private static String other(String code) {
        return code.equals("000000") ? "000001" : "000000";
    }

    @Test
    void wrongCodesDisableAnAccountOnlyAsASecondFactor() {
        realm.change(settings -> {
            settings.setBruteForceProtected(true);
            settings.setQuickLoginCheckMilliSeconds(0L);
            settings.setMaxSecondaryAuthFailures(2);
        });
        for (Purpose purpose : List.of(Purpose.VERIFY_EMAIL, Purpose.RESET_PASSWORD)) {
            guessWrongly(purpose);
            assertTrue(realm.user("ada").isEnabled(), purpose.name());
        }
        guessWrongly(Purpose.LOGIN);
        assertFalse(realm.user("ada").isEnabled());
    }

    private void guessWrongly(Purpose purpose) {
        realm.realm.attackDetection().clearAllBruteForce();
        int mail = realm.mails() + 1;
        codes.send("ada", purpose);
        String right = realm.codeOfMail(mail);
        for (int i = 1; i <= 4; i++) {
            int count = i;
            assertEquals("WRONG", codes.redeem("ada", purpose, other(right)));
            Awaitility.await()
                    .until(() -> !realm.user("ada").isEnabled()
                            || Objects.equals(
                                    count,
                                    realm.realm
                                            .attackDetection()
                                            .bruteForceUserStatus(
                                                    realm.user("ada").getId())
                                            .get("numFailures")));
            if (!realm.user("ada").isEnabled()) {
                return;
            }
        }
    }
}
