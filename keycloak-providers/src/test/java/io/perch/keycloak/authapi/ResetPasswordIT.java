package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.emailcode.MailedCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** A forgotten password is replaced with a code from a mail. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class ResetPasswordIT extends MailedCodesInAServer {

    @Test
    void aForgottenPasswordIsResetAndEverySessionEnds() {
        realm.user("alice");
        Answer session = api.login("alice", AuthApiRealm.PASSWORD);
        Answer known = api.post("/forgot-password", "{\"email\":\"alice@perch.example\"}");
        Answer unknown = api.post("/forgot-password", "{\"email\":\"nobody@perch.example\"}");
        assertEquals(202, known.status());
        assertEquals(known.body(), unknown.body());
        assertEquals(known.status(), unknown.status());
        String code = mail.code(1);
        Answer refused = reset("alice@perch.example", code, "short");
        assertEquals(List.of("/new_password"), refused.pointers());
        assertEquals(
                204, reset("alice@perch.example", code, "another horse battery").status());
        assertEquals(401, api.get("/me", AuthApi.bearer(session)).status());
        assertEquals(401, api.login("alice", AuthApiRealm.PASSWORD).status());
        assertEquals(200, api.login("alice", "another horse battery").status());
        assertEquals(
                "invalid_code",
                reset("alice@perch.example", code, "a third horse battery").error());
        assertEquals(1, realm.events("RESET_PASSWORD").size());
    }

    @Test
    void theMailLinksToTheFrontEndWhereTheRealmNamesItsPage() {
        realm.change(settings -> settings.getAttributes()
                .put("email-code.reset-link", "https://app.example/reset?token={token}&from=mail"));
        realm.user("alice");
        aliceForgets();
        String token = mail.part(1, "https://app\\.example/reset\\?token=([A-Za-z0-9_-]+)&from=mail");
        assertEquals(
                List.of("/token"),
                resetBy(token + "\",\"email\":\"alice@perch.example").pointers());
        assertEquals("invalid_code", resetBy("bm8").error());
        String withNul = new MailedCode("a\0b@perch.example", "123456").token();
        assertEquals("invalid_code", resetBy(withNul).error());
        assertEquals(
                "invalid_code", resetBy("no Base64, and " + "x".repeat(600)).error());
        assertEquals(204, resetBy(token).status());
        assertEquals("invalid_code", resetBy(token).error());
        assertEquals(200, api.login("alice", "another horse battery").status());
    }

    @Test
    void aLinkThatIsNoneIsLeftOutOfTheMail() {
        realm.change(settings -> settings.getAttributes().put("email-code.reset-link", "javascript:alert('{token}')"));
        realm.user("alice");
        aliceForgets();
        assertEquals(
                204,
                reset("alice@perch.example", mail.code(1), "another horse battery")
                        .status());
        assertFalse(mail.text(1).contains("javascript"));
    }

    @Test
    void aRealmWithoutResetRefuses() {
        realm.change(settings -> settings.setResetPasswordAllowed(false));
        assertEquals(
                403,
                api.post("/forgot-password", "{\"email\":\"alice@perch.example\"}")
                        .status());
    }

    @Test
    void aCodeSetsNoPasswordOnceTheRealmHasSwitchedResetsOff() {
        realm.user("alice");
        aliceForgets();
        String code = mail.code(1);
        realm.change(settings -> settings.setResetPasswordAllowed(false));
        Answer refused = reset("alice@perch.example", code, "another horse battery");
        assertEquals(403, refused.status(), refused::body);
        assertEquals("forbidden", refused.error());
        assertEquals(200, api.login("alice", AuthApiRealm.PASSWORD).status());
        realm.change(settings -> settings.setResetPasswordAllowed(true));
        assertEquals(
                204, reset("alice@perch.example", code, "another horse battery").status());
    }

    private Answer resetBy(String token) {
        return api.post(
                "/reset-password", "{\"token\":\"%s\",\"new_password\":\"another horse battery\"}".formatted(token));
    }
}
