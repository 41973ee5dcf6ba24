package io.perch.keycloak.emailcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.EmailCodes.Requester;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** The mails with codes are limited: for each mailbox and each network. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class CodeMailBudgetsIT extends EmailCodesInAServer {

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
}
