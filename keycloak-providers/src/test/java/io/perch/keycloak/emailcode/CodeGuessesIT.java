package io.perch.keycloak.emailcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.WrongCode;
import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** Guesses are limited: for each code, each user and each network. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class CodeGuessesIT extends EmailCodesInAServer {

    @Test
    void aHundredGuessesAtOnceUseUpExactlyFiveAttempts() {
        codes.send("ada", Purpose.RESET_PASSWORD);
        String code = realm.codeOfMail(1);

        List<String> verdicts = codes.redeemAtOnce("ada", Purpose.RESET_PASSWORD, WrongCode.otherThan(code), 100);

        assertEquals(5, Collections.frequency(verdicts, "WRONG"), verdicts::toString);
        assertEquals(95, Collections.frequency(verdicts, "VOID"), verdicts::toString);
        assertEquals("VOID", codes.redeem("ada", Purpose.RESET_PASSWORD, code));
    }

    @Test
    void theFifthGuessCanBeCorrect() {
        codes.send("ada", Purpose.LOGIN);
        String code = realm.codeOfMail(1);
        for (int i = 0; i < 4; i++) {
            assertEquals("WRONG", codes.redeem("ada", Purpose.LOGIN, WrongCode.otherThan(code)));
        }
        assertEquals("ACCEPTED", codes.redeem("ada", Purpose.LOGIN, code));
    }

    @Test
    void onlyOneOfManySimultaneousCorrectGuessesIsAccepted() {
        codes.send("ada", Purpose.LOGIN);
        List<String> verdicts = codes.redeemAtOnce("ada", Purpose.LOGIN, realm.codeOfMail(1), 20);
        assertEquals(1, Collections.frequency(verdicts, "ACCEPTED"), verdicts::toString);
    }

    @Test
    void codesAreLongerAfterWrongGuessesUntilOneIsEntered() {
        for (int i = 0; i < 2; i++) {
            time.set(i * 62);
            codes.send("ada", Purpose.RESET_PASSWORD);
            String code = realm.codeOfMail(i + 1);
            assertEquals(6, code.length());
            for (int guess = 0; guess < 5; guess++) {
                assertEquals("WRONG", codes.redeem("ada", Purpose.RESET_PASSWORD, WrongCode.otherThan(code)));
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
                codes.redeem("ada", Purpose.RESET_PASSWORD, WrongCode.otherThan(code));
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
            assertEquals("WRONG", codes.redeem("ada", purpose, WrongCode.otherThan(right)));
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
