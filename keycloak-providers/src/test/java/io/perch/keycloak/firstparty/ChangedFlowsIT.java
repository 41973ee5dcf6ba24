package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.Totp;
import io.perch.keycloak.WrongCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** The endpoint follows whatever an administrator has made of the browser flow. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class ChangedFlowsIT extends FirstPartyInAServer {

    @Test
    void theNameComesFirstWhereTheFlowSaysSo() {
        realm.browserFlow(TestFlows.USERNAME_FIRST);
        realm.user("ada");
        AppAnswer start = app.start();
        assertEquals("username", start.step());
        AppAnswer password = app.step(start, "username", "ada");
        assertEquals("password", password.step(), password.body());
        assertEquals(
                List.of("password"),
                password.list(password.json().path("challenge").path("fields")));
        AppAnswer wrong = app.step(password, "password", "wrong");
        assertTrue(wrong.failed());
        assertTrue(app.step(wrong, "password", FirstPartyRealm.PASSWORD).isDone());
    }

    @Test
    void aCodeByMailIsAStep() {
        realm.browserFlow(TestFlows.BY_CODE);
        realm.user("ada");
        AppAnswer code = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("email_code", code.step(), code.body());
        assertEquals(
                "a***@perch.example",
                code.json().path("challenge").path("sent_to").asText());
        assertTrue(code.json().path("challenge").path("resend_after").asInt() > 0);
        String right = realm.mailedCode(1);
        AppAnswer wrong = app.step(code, "code", WrongCode.otherThan(right));
        assertTrue(wrong.failed(), wrong.body());
        AppAnswer tooSoon = app.step(wrong, "resend", "true");
        assertEquals("email_code", tooSoon.step());
        assertFalse(tooSoon.failed());
        assertTrue(app.step(tooSoon, "code", right).isDone());
    }

    @Test
    void whomTheFlowRefusesAfterThePasswordIsToldSo() {
        realm.browserFlow(TestFlows.DENY_ROLE);
        String bob = realm.user("bob");
        realm.bar(bob);
        realm.user("ada");
        AppAnswer denied = app.signIn("bob", FirstPartyRealm.PASSWORD);
        assertEquals(400, denied.status());
        assertEquals("access_denied", denied.error(), denied.body());
        assertFalse(denied.json().has("auth_session"));
        AppAnswer wrong = app.signIn("bob", "wrong");
        assertEquals("insufficient_authorization", wrong.error());
        assertTrue(app.signIn("ada", FirstPartyRealm.PASSWORD).isDone());
    }

    @Test
    void whomTheFlowRefusesBeforeAPasswordLearnsNothing() {
        realm.browserFlow(TestFlows.DENY_BEFORE_PASSWORD);
        String bob = realm.user("bob");
        realm.bar(bob);
        realm.user("ada");
        AppAnswer denied = app.step(app.start(), "username", "bob");
        assertEquals(403, denied.status(), denied.body());
        assertEquals("insufficient_authorization", denied.error());
        assertEquals("username", denied.step());
        assertTrue(denied.failed());
        AppAnswer password = app.step(denied, "username", "ada");
        assertTrue(app.step(password, "password", FirstPartyRealm.PASSWORD).isDone());
    }

    @Test
    void aFlowThatRefusesEverybodyRefusesHere() {
        realm.browserFlow(TestFlows.DENY);
        AppAnswer denied = app.start();
        assertEquals(400, denied.status());
        assertEquals("access_denied", denied.error(), denied.body());
    }

    @Test
    void whatNeedsABrowserIsNotGuessed() {
        realm.browserFlow(TestFlows.SECURITY_KEY);
        realm.user("ada");
        AppAnswer web = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals(403, web.status());
        assertEquals("redirect_to_web", web.error(), web.body());
        assertEquals(
                "redirect_to_web", app.start("kc_action", "UPDATE_PASSWORD").error());
    }

    @Test
    void theClientsOwnFlowGoesBeforeTheRealms() {
        String flow = realm.admin().flows().getFlows().stream()
                .filter(candidate -> candidate.getAlias().equals(TestFlows.DENY))
                .findFirst()
                .orElseThrow()
                .getId();
        realm.changeClient(
                FirstPartyRealm.APP, client -> client.setAuthenticationFlowBindingOverrides(Map.of("browser", flow)));
        assertEquals("access_denied", app.start().error());
        assertEquals("password", new FirstPartyApp(realm, "other-app").start().step());
    }

    @Test
    void onlyWhoHasASecondFactorIsAskedForIt() {
        realm.user("ada");
        realm.userWithApp("eve");
        assertTrue(app.signIn("ada", FirstPartyRealm.PASSWORD).isDone());
        AppAnswer otp = app.signIn("eve", FirstPartyRealm.PASSWORD);
        assertEquals("otp", otp.step());
        assertTrue(app.step(otp, "otp", Totp.code()).isDone());
    }

    @Test
    void aRecoveryCodeMayTakeThePlaceOfTheApp() {
        realm.browserFlow(TestFlows.APP_OR_RECOVERY);
        realm.userWithAppAndRecoveryCodes("ada", "ABCDEFGHJKLM", "NPQRSTUVWXYZ");
        AppAnswer otp = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("otp", otp.step(), otp.body());
        assertEquals(
                List.of("recovery_code"), otp.list(otp.json().path("challenge").path("alternatives")));
        AppAnswer recovery = app.step(otp, "alternative", "recovery_code");
        assertEquals("recovery_code", recovery.step(), recovery.body());
        assertFalse(recovery.failed());
        assertEquals(
                1,
                recovery.json().path("challenge").path("recovery_code_number").asInt());
        AppAnswer wrong = app.step(recovery, "recovery_code", "NPQRSTUVWXYZ");
        assertTrue(wrong.failed(), wrong.body());
        AppAnswer back = app.step(wrong, "alternative", "otp");
        assertEquals("otp", back.step(), back.body());
        AppAnswer again = app.step(back, "alternative", "recovery_code");
        assertTrue(app.step(again, "recovery_code", "ABCDEFGHJKLM").isDone());
    }

    @Test
    void aPolicyThatRefusesAuthorizationRequestsRefusesHere() {
        realm.demandNonce();
        AppAnswer refused = app.start();
        assertEquals(400, refused.status(), refused.body());
        assertEquals("invalid_request", refused.error());
        assertEquals("password", app.start("nonce", "n-1").step());
    }
}
