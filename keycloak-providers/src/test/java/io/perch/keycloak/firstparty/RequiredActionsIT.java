package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.Totp;
import io.perch.keycloak.WrongCode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.remote.timeoffset.InjectTimeOffSet;
import org.keycloak.testframework.remote.timeoffset.TimeOffSet;

/** Required actions that an app can show. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
class RequiredActionsIT extends FirstPartyInAServer {

    @InjectTimeOffSet
    TimeOffSet time;

    @AfterEach
    void resetTime() {
        time.set(0);
    }

    @Test
    void anAddressIsVerifiedByACode() {
        realm.change(settings -> settings.setVerifyEmail(true));
        realm.registerAction("verify-email-code");
        // The link would come beside it
        realm.disableAction("VERIFY_EMAIL");
        String ada = realm.user("ada", user -> {
            user.setEmailVerified(false);
            user.setRequiredActions(List.of("verify-email-code"));
        });
        AppAnswer code = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("email_code", code.step(), code.body());
        assertFalse(code.failed());
        String right = realm.mailedCode(1);
        AppAnswer wrong = app.step(code, "code", WrongCode.otherThan(right));
        assertTrue(wrong.failed(), wrong.body());
        assertTrue(app.step(wrong, "code", right).isDone());
        assertTrue(user(ada).isEmailVerified());
    }

    @ParameterizedTest
    @CsvSource({"code, 000000", "resend, true"})
    void aSignInThatWaitsForTheCodeEndsWhenTheAddressIsVerifiedElsewhere(String member, String value) {
        realm.verifyAddressesByCode();
        String ada = realm.user("ada", user -> user.setEmailVerified(false));
        AppAnswer code = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("email_code", code.step(), code.body());
        realm.changeUser(ada, user -> {
            user.setEmailVerified(true);
            user.setRequiredActions(List.of());
        });
        AppAnswer late = app.step(code, member, value);
        assertEquals("invalid_session", late.error(), late.body());
        assertTrue(app.signIn("ada", FirstPartyRealm.PASSWORD).isDone());
    }

    @Test
    void aSignInThatWaitsForTheSecondFactorEndsWhenTheOwnerOfTheMailboxTakesTheAccount() {
        realm.verifyAddressesByCode();
        realm.change(settings -> {
            settings.setResetPasswordAllowed(true);
            settings.setResetCredentialsFlow(TestFlows.RESET_BY_CODE);
        });
        realm.userWithApp("ada");
        realm.changeUser(realm.find("ada").orElseThrow().getId(), user -> user.setEmailVerified(false));
        AppAnswer stranger = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("otp", stranger.step(), stranger.body());
        time.set(5);
        AppAnswer owner = app.start("prompt", "reset_password", "username", "ada");
        assertEquals("otp", app.step(owner, "code", realm.mailedCode(1)).step());
        assertTrue(realm.find("ada").orElseThrow().isEmailVerified());
        AppAnswer late = app.step(stranger, "otp", Totp.code());
        assertEquals("invalid_session", late.error(), late.body());
        assertEquals(0, realm.events("LOGIN").size());
    }

    @Test
    void whatIsMissingInTheProfileIsAskedForAndTheRestStays() {
        String ada = realm.user("ada", user -> user.setLastName(""));
        AppAnswer profile = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("profile", profile.step(), profile.body());
        assertFalse(profile.failed());
        JsonNode lastName = field(profile, "lastName");
        assertTrue(lastName.path("required").asBoolean(), profile.body());
        assertEquals(0, lastName.path("values").size());
        assertEquals("Ada", field(profile, "firstName").path("values").path(0).asText());
        for (String wrong : List.of("nonsense", "[]", "{\"enabled\":\"true\"}", "{\"lastName\":1}")) {
            assertEquals("invalid_request", app.step(profile, "profile", wrong).error(), wrong);
        }
        AppAnswer still = app.step(profile, "profile", "{\"lastName\":\"\"}");
        assertEquals("profile", still.step(), still.body());
        assertTrue(still.failed());
        AppAnswer done = app.step(still, "profile", "{\"lastName\":\"Wren\"}");
        assertTrue(done.isDone(), done.body());
        assertEquals("Wren", user(ada).getLastName());
        assertEquals("Ada", user(ada).getFirstName());
        assertEquals("ada@perch.example", user(ada).getEmail());
        assertTrue(user(ada).isEmailVerified());
    }

    @Test
    void oneActionFollowsTheOther() {
        realm.enableAction("TERMS_AND_CONDITIONS");
        realm.user("ada", user -> user.setRequiredActions(List.of("UPDATE_PASSWORD", "TERMS_AND_CONDITIONS")));
        AppAnswer first = app.signIn("ada", FirstPartyRealm.PASSWORD);
        AppAnswer second = take(first);
        assertEquals("insufficient_authorization", second.error(), second.body());
        assertFalse(second.failed());
        assertTrue(take(second).isDone());
    }

    @Test
    void aPasswordThatMustBeChangedIs() {
        realm.change(settings -> settings.setPasswordPolicy("length(12)"));
        realm.user("ada", user -> user.setRequiredActions(List.of("UPDATE_PASSWORD")));
        AppAnswer choose = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("new_password", choose.step(), choose.body());
        AppAnswer tooShort = app.step(choose, "new_password", "short");
        assertEquals("new_password", tooShort.step(), tooShort.body());
        assertTrue(tooShort.failed());
        AppAnswer done = app.step(tooShort, "new_password", "another one that is long");
        assertTrue(done.isDone(), done.body());
        assertFalse(app.signIn("ada", FirstPartyRealm.PASSWORD).isDone());
        assertTrue(app.signIn("ada", "another one that is long").isDone());
    }

    @Test
    void termsAreAcceptedOnlyExplicitly() {
        realm.enableAction("TERMS_AND_CONDITIONS");
        String ada = realm.user("ada", user -> user.setRequiredActions(List.of("TERMS_AND_CONDITIONS")));
        AppAnswer terms = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("terms", terms.step(), terms.body());
        assertEquals("invalid_request", app.step(terms).error());
        assertEquals("invalid_request", app.step(terms, "accepted", "false").error());
        assertEquals(
                1,
                realm.admin()
                        .users()
                        .get(ada)
                        .toRepresentation()
                        .getRequiredActions()
                        .size());
        assertTrue(app.step(terms, "accepted", "true").isDone());
    }

    @Test
    void choosingAnotherStepAcceptsNoTerms() {
        realm.browserFlow(TestFlows.APP_OR_RECOVERY);
        realm.enableAction("TERMS_AND_CONDITIONS");
        String ada = realm.userWithAppAndRecoveryCodes("ada", "ABCDEFGHJKLM");
        realm.changeUser(ada, user -> user.setRequiredActions(List.of("TERMS_AND_CONDITIONS")));
        AppAnswer otp = app.signIn("ada", FirstPartyRealm.PASSWORD);
        AppAnswer terms = app.step(otp, "otp", Totp.code());
        assertEquals("terms", terms.step(), terms.body());
        assertEquals(
                "invalid_request",
                app.step(terms, "alternative", "recovery_code").error());
        assertEquals(
                1,
                realm.admin()
                        .users()
                        .get(ada)
                        .toRepresentation()
                        .getRequiredActions()
                        .size());
    }

    @Test
    void anAuthenticatorAppGetsTheSecretThatTheServerChose() {
        realm.user("ada", user -> user.setRequiredActions(List.of("CONFIGURE_TOTP")));
        AppAnswer configure = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("configure_otp", configure.step(), configure.body());
        assertTrue(configure.json().path("challenge").path("uri").asText().startsWith("otpauth://totp/"));
        // The code of the secret that the attacker sends along
        AppAnswer own =
                app.step(configure, "otp", Totp.code(), "totpSecret", "12345678901234567890", "totp", Totp.code());
        assertEquals("configure_otp", own.step(), own.body());
        assertTrue(own.failed());
        assertEquals(
                configure.json().path("challenge").path("secret"),
                own.json().path("challenge").path("secret"));
        String secret = own.json().path("challenge").path("secret").asText();
        AppAnswer done = app.step(own, "otp", Totp.code(secret), "otp_label", "phone");
        assertTrue(done.isDone(), done.body());
        assertEquals("otp", app.signIn("ada", FirstPartyRealm.PASSWORD).step());
    }

    @Test
    void requiredActionsThatNeedABrowserAreNotBegun() {
        realm.user("ada", user -> user.setRequiredActions(List.of("UPDATE_PASSWORD", "webauthn-register")));
        AppAnswer web = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("redirect_to_web", web.error(), web.body());
        assertEquals(
                List.of("UPDATE_PASSWORD", "webauthn-register"),
                web.list(web.json().path("required_actions")));
    }

    private AppAnswer take(AppAnswer step) {
        return step.step().equals("terms")
                ? app.step(step, "accepted", "true")
                : app.step(step, "new_password", "another one that is long");
    }

    private static JsonNode field(AppAnswer answer, String name) {
        return StreamSupport.stream(
                        answer.json().path("challenge").path("profile").spliterator(), false)
                .filter(field -> field.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(answer.body()));
    }

    private UserRepresentation user(String id) {
        return realm.admin().users().get(id).toRepresentation();
    }
}
