package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** Whoever verifies an address proves to be the account's owner, or chooses a new password. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class VerifyEmailProofIT extends MailedCodesInAServer {

    @Test
    void aPasswordThatAStrangerChoseIsNotKeptByTheOwnersCode() {
        register("victim");
        Answer verified = verify("victim@perch.example", mail.code(1));
        assertEquals(200, verified.status());
        assertTrue(verified.json().path("email_verified").asBoolean());
        assertTrue(verified.json().path("password_required").asBoolean());
        assertFalse(verified.json().has("access_token"));
        assertEquals(
                "invalid_credentials",
                api.login("victim@perch.example", AuthApiRealm.PASSWORD).error());
        api.post("/forgot-password", "{\"email\":\"victim@perch.example\"}");
        int last = mail.waitFor("Your code to reset your password");
        assertEquals(
                204,
                reset("victim@perch.example", mail.code(last), "another horse battery")
                        .status());
        assertEquals(
                200, api.login("victim@perch.example", "another horse battery").status());
    }

    @Test
    void theOwnerOfTheAddressMayChooseThePasswordWithTheCode() {
        register("victim");
        String code = mail.code(1);
        assertEquals(
                List.of("/new_password"),
                verify("victim@perch.example", code, "new_password", "short").pointers());
        Answer verified = verify("victim@perch.example", code, "new_password", "another horse battery");
        assertEquals(200, verified.status());
        assertFalse(verified.json().path("password_required").asBoolean());
        assertTrue(verified.json().has("access_token"));
        assertEquals(
                "invalid_credentials",
                api.login("victim@perch.example", AuthApiRealm.PASSWORD).error());
        assertEquals(
                200, api.login("victim@perch.example", "another horse battery").status());
    }

    @Test
    void aProofThatIsWrongLeavesTheCodeGood() {
        Answer registered = register("bob");
        Answer other = register("mona");
        String code = mail.codeFor("bob@perch.example");
        assertEquals(
                "invalid_credentials",
                verify("bob@perch.example", code, "password", "wrong horse battery")
                        .error());
        assertEquals(
                List.of("/registration_token"),
                verify("bob@perch.example", code, "registration_token", other.text("registration_token"))
                        .pointers());
        assertEquals(
                List.of("/registration_token"),
                verify("bob@perch.example", code, "registration_token", "nonsense")
                        .pointers());
        assertEquals(
                200,
                verify("bob@perch.example", code, "registration_token", registered.text("registration_token"))
                        .status());
        assertEquals(200, api.login("bob@perch.example", AuthApiRealm.PASSWORD).status());
    }

    @Test
    void whoHasJustRegisteredGetsAnotherMailWhateverOthersHaveAskedFor() {
        Answer registered = register("bob");
        String token = registered.text("registration_token");
        assertEquals(
                List.of("/registration_token"),
                api.post(
                                "/resend-verification",
                                "{\"email\":\"mona@perch.example\",\"registration_token\":\"%s\"}".formatted(token))
                        .pointers());
        assertEquals(
                202,
                api.post(
                                "/resend-verification",
                                "{\"email\":\"bob@perch.example\",\"registration_token\":\"%s\"}".formatted(token))
                        .status());
    }

    @Test
    void aRegistrationTokenIsNoProofForAnAddressThatOnlyLooksTheSame() {
        String token = register("mina").text("registration_token");
        // With a dotless i
        assertEquals(
                List.of("/registration_token"),
                api.post(
                                "/resend-verification",
                                "{\"email\":\"m\u0131na@perch.example\",\"registration_token\":\"%s\"}"
                                        .formatted(token))
                        .pointers());
    }

    @Test
    void whoIsSignedInProvesItByTheToken() {
        realm.user("alice");
        Answer tokens = api.login("alice", AuthApiRealm.PASSWORD);
        api.put("/me", "{\"email\":\"new@perch.example\"}", AuthApi.bearer(tokens));
        realm.user("mona");
        Answer others = api.login("mona", AuthApiRealm.PASSWORD);
        String body = "{\"email\":\"new@perch.example\",\"code\":\"%s\"}".formatted(mail.code(1));
        assertEquals(
                "forbidden",
                api.post("/verify-email", body, AuthApi.bearer(others)).error());
        Answer verified = api.post("/verify-email", body, AuthApi.bearer(tokens));
        assertEquals(200, verified.status(), verified::body);
        assertTrue(verified.json().has("access_token"));
        assertEquals(200, api.login("alice", AuthApiRealm.PASSWORD).status());
    }

    @Test
    void anAccessTokenAndACodeReplaceNoPassword() {
        realm.user("alice");
        Answer tokens = api.login("alice", AuthApiRealm.PASSWORD);
        api.put("/me", "{\"email\":\"new@perch.example\"}", AuthApi.bearer(tokens));
        String body = "{\"email\":\"new@perch.example\",\"code\":\"%s\"%s}";
        String code = mail.code(1);
        Answer refused = api.post(
                "/verify-email",
                body.formatted(code, ",\"new_password\":\"another horse battery\""),
                AuthApi.bearer(tokens));
        assertEquals(400, refused.status(), refused::body);
        assertEquals(List.of("/new_password"), refused.pointers());
        assertEquals(
                200,
                api.post("/verify-email", body.formatted(code, ""), AuthApi.bearer(tokens))
                        .status());
        assertEquals(200, api.login("alice", AuthApiRealm.PASSWORD).status());
    }

    @Test
    void aPasswordThatIsChosenWithTheCodeOfAVerifiedAddressEndsTheOtherSessions() {
        String code = codeOfAVerifiedAddress();
        Answer session = api.login("alice", AuthApiRealm.PASSWORD);
        Answer verified = verify("alice@perch.example", code, "new_password", "another horse battery");
        assertEquals(200, verified.status(), verified::body);
        assertEquals(401, api.get("/me", AuthApi.bearer(session)).status());
        assertEquals(400, api.refresh(session.text("refresh_token")).status());
        assertEquals(200, api.get("/me", AuthApi.bearer(verified)).status());
        assertEquals(200, api.login("alice", "another horse battery").status());
    }

    @Test
    void aRealmWithoutResetReplacesNoPasswordByAVerificationCodeEither() {
        String code = codeOfAVerifiedAddress();
        realm.change(settings -> settings.setResetPasswordAllowed(false));
        Answer refused = verify("alice@perch.example", code, "new_password", "another horse battery");
        assertEquals(403, refused.status(), refused::body);
        assertEquals("forbidden", refused.error());
        assertEquals(200, api.login("alice", AuthApiRealm.PASSWORD).status());
    }

    private String codeOfAVerifiedAddress() {
        String alice = realm.user("alice");
        realm.changeUser(alice, user -> user.setEmailVerified(false));
        api.post("/resend-verification", "{\"email\":\"alice@perch.example\"}");
        String code = mail.code(1);
        realm.changeUser(alice, user -> user.setEmailVerified(true));
        return code;
    }
}
