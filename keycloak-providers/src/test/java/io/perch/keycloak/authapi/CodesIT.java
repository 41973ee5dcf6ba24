package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.Totp;
import io.perch.keycloak.emailcode.MailedCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** The calls that take a code from a mail. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // set before each test
class CodesIT extends AuthApiInAServer {

    private MailSink mail;

    @BeforeEach
    void startMail() {
        mail = MailSink.of(realm);
        realm.change(settings -> settings.setVerifyEmail(true));
    }

    @AfterEach
    void stopMail() {
        mail.close();
    }

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
                verify("bob@perch.example", code.equals("000000") ? "000001" : "000000")
                        .error());
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

    private String codeOfAVerifiedAddress() {
        String alice = realm.user("alice");
        realm.changeUser(alice, user -> user.setEmailVerified(false));
        api.post("/resend-verification", "{\"email\":\"alice@perch.example\"}");
        String code = mail.code(1);
        realm.changeUser(alice, user -> user.setEmailVerified(true));
        return code;
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

    private Answer register(String name) {
        Answer answer = api.post(
                "/register",
                "{\"email\":\"%s@perch.example\",\"password\":\"%s\"}".formatted(name, AuthApiRealm.PASSWORD));
        assertEquals(201, answer.status(), answer::body);
        return answer;
    }

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

    private void aliceForgets() {
        Answer answer = api.post("/forgot-password", "{\"email\":\"alice@perch.example\"}");
        assertEquals(202, answer.status(), answer::body);
    }

    private Answer resetBy(String token) {
        return api.post(
                "/reset-password", "{\"token\":\"%s\",\"new_password\":\"another horse battery\"}".formatted(token));
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

    @Test
    void aRealmWithoutResetReplacesNoPasswordByAVerificationCodeEither() {
        String code = codeOfAVerifiedAddress();
        realm.change(settings -> settings.setResetPasswordAllowed(false));
        Answer refused = verify("alice@perch.example", code, "new_password", "another horse battery");
        assertEquals(403, refused.status(), refused::body);
        assertEquals("forbidden", refused.error());
        assertEquals(200, api.login("alice", AuthApiRealm.PASSWORD).status());
    }

    private Answer verify(String email, String code, String... more) {
        StringBuilder body = new StringBuilder("{\"email\":\"%s\",\"code\":\"%s\"".formatted(email, code));
        for (int i = 0; i < more.length; i += 2) {
            body.append(",\"%s\":\"%s\"".formatted(more[i], more[i + 1]));
        }
        return api.post("/verify-email", body.append('}').toString());
    }

    private Answer reset(String email, String code, String password) {
        return api.post(
                "/reset-password",
                "{\"email\":\"%s\",\"code\":\"%s\",\"new_password\":\"%s\"}".formatted(email, code, password));
    }
}
