package io.perch.keycloak.emailcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** The mails with codes: what they say, and when they are sent. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class CodeMailsIT extends EmailCodesInAServer {

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
}
