package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.Totp;
import io.perch.keycloak.WrongCode;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** A code verifies an address, and then the flow of the realm signs the user in. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class VerifyEmailIT extends MailedCodesInAServer {

    @Test
    void fromRegistrationToLogout() {
        Answer registered =
                api.post("/register", "{\"email\":\"bob@perch.example\",\"password\":\"correct horse battery\"}");
        assertEquals(201, registered.status());
        assertTrue(registered.json().path("verification_required").asBoolean());
        assertFalse(registered.json().has("access_token"));
        assertEquals(
                "email_not_verified",
                api.login("bob@perch.example", AuthApiRealm.PASSWORD).error());
        Answer verified =
                verify("bob@perch.example", mail.code(1), "registration_token", registered.text("registration_token"));
        assertEquals(200, verified.status(), verified::body);
        assertTrue(api.get("/me", AuthApi.bearer(verified))
                .json()
                .path("email_verified")
                .asBoolean());
        Answer login = api.login("bob@perch.example", AuthApiRealm.PASSWORD);
        Answer refreshed = api.refresh(login.text("refresh_token"));
        assertEquals(200, refreshed.status());
        Answer other = api.login("bob@perch.example", AuthApiRealm.PASSWORD);
        assertEquals(
                204,
                api.post(
                                "/me/password",
                                "{\"current_password\":\"correct horse battery\",\"new_password\":\"another horse battery\"}",
                                AuthApi.bearer(refreshed))
                        .status());
        assertEquals(401, api.get("/me", AuthApi.bearer(other)).status());
        Answer last = api.login("bob@perch.example", "another horse battery");
        String body = "{\"refresh_token\":\"" + last.text("refresh_token") + "\"}";
        assertEquals(204, api.post("/logout", body).status());
        assertEquals(400, api.post("/refresh", body).status());
        assertEquals(400, api.refresh(login.text("refresh_token")).status());
    }

    @Test
    void aCodeWorksOnceAndForItsPurposeOnly() {
        api.post("/register", "{\"email\":\"bob@perch.example\",\"password\":\"correct horse battery\"}");
        String code = mail.code(1);
        assertEquals("invalid_code", verify("alice@perch.example", code).error());
        assertEquals(
                "invalid_code",
                verify("bob@perch.example", WrongCode.otherThan(code)).error());
        assertEquals(
                "invalid_code",
                reset("bob@perch.example", code, "another horse battery").error());
        assertEquals(
                200,
                verify("BOB@perch.example", code.substring(0, 3) + " " + code.substring(3))
                        .status());
        assertEquals(400, verify("bob@perch.example", code).status());
        assertEquals(1, realm.events("VERIFY_EMAIL").size());
    }

    @Test
    void aChangedAddressGetsItsCode() {
        realm.user("alice");
        Answer tokens = api.login("alice", AuthApiRealm.PASSWORD);
        assertEquals(
                200,
                api.put("/me", "{\"email\":\"new@perch.example\"}", AuthApi.bearer(tokens))
                        .status());
        assertEquals(200, verify("new@perch.example", mail.code(1)).status());
    }

    @Test
    void anAddressThatTwoUsersShareIsNobodys() {
        realm.change(settings -> {
            settings.setLoginWithEmailAllowed(false);
            settings.setDuplicateEmailsAllowed(true);
        });
        realm.user("alice");
        realm.changeUser(realm.user("mona"), user -> user.setEmail("alice@perch.example"));
        aliceForgets();
        assertEquals("invalid_code", verify("alice@perch.example", "123456").error());
        assertEquals(
                "invalid_code",
                reset("alice@perch.example", "123456", "another horse battery").error());
    }

    @Test
    void aSecondFactorIsNotGoneRound() {
        realm.changeUser(realm.user("alice", Totp.credential()), user -> user.setEmailVerified(false));
        assertEquals(
                202,
                api.post("/resend-verification", "{\"email\":\"alice@perch.example\"}")
                        .status());
        Answer verified = verify("alice@perch.example", mail.code(1), "password", AuthApiRealm.PASSWORD);
        assertEquals(403, verified.status());
        assertEquals("otp_required", verified.error());
        assertTrue(realm.admin().users().search("alice").get(0).isEmailVerified());
        aliceForgets();
        assertEquals(
                204,
                reset("alice@perch.example", mail.code(2), "another horse battery")
                        .status());
        assertEquals("otp_required", api.login("alice", "another horse battery").error());
    }

    @Test
    void aSecondFactorMayComeWithTheCode() {
        realm.changeUser(realm.user("alice", Totp.credential()), user -> user.setEmailVerified(false));
        api.post("/resend-verification", "{\"email\":\"alice@perch.example\"}");
        Answer verified =
                verify("alice@perch.example", mail.code(1), "password", AuthApiRealm.PASSWORD, "otp", Totp.code());
        assertEquals(200, verified.status(), verified::body);
        assertTrue(verified.json().has("access_token"));
    }

    @Test
    void anAdministratorsStepOfTheFlowDecides() {
        realm.admin()
                .flows()
                .addExecution("sign in by e-mail code", new HashMap<>(Map.of("provider", "deny-access-authenticator")));
        realm.admin().flows().getExecutions("sign in by e-mail code").stream()
                .filter(execution -> "deny-access-authenticator".equals(execution.getProviderId()))
                .forEach(execution -> {
                    execution.setRequirement("REQUIRED");
                    realm.admin().flows().updateExecutions("sign in by e-mail code", execution);
                });
        register("bob");
        Answer verified = verify("bob@perch.example", mail.code(1), "password", AuthApiRealm.PASSWORD);
        assertEquals(403, verified.status());
        assertEquals("forbidden", verified.error());
        assertTrue(realm.events("LOGIN").isEmpty());
    }

    @Test
    void withoutAFlowTheAddressIsVerifiedAndNobodyIsSignedIn() {
        realm.change(settings -> settings.getAttributes().put(VerifyEmailFlow.ATTRIBUTE, ""));
        register("bob");
        Answer verified = verify("bob@perch.example", mail.code(1), "password", AuthApiRealm.PASSWORD);
        assertEquals(200, verified.status());
        assertFalse(verified.json().has("access_token"));
        assertFalse(verified.json().path("password_required").asBoolean());
        assertEquals(200, api.login("bob@perch.example", AuthApiRealm.PASSWORD).status());
    }

    @Test
    void aFlowThatIsMissingIsNotReplacedByAnother() {
        realm.change(settings -> settings.getAttributes().put(VerifyEmailFlow.ATTRIBUTE, "no such flow"));
        register("bob");
        String code = mail.code(1);
        assertEquals(
                "forbidden",
                verify("bob@perch.example", code, "password", AuthApiRealm.PASSWORD)
                        .error());
        realm.change(settings -> settings.getAttributes().put(VerifyEmailFlow.ATTRIBUTE, "sign in by e-mail code"));
        assertEquals(
                200,
                verify("bob@perch.example", code, "password", AuthApiRealm.PASSWORD)
                        .status());
    }
}
