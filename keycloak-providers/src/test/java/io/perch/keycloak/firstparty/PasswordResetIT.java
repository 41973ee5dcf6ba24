package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.DpopKey;
import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.Totp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** Forgotten passwords ({@code prompt=reset_password}), and what somebody tries with that. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class PasswordResetIT extends FirstPartyInAServer {

    private static final String NEW_PASSWORD = "another one that is long";

    @BeforeEach
    void resetByCode() {
        realm.change(settings -> {
            settings.setResetPasswordAllowed(true);
            settings.setResetCredentialsFlow(TestFlows.RESET_BY_CODE);
        });
    }

    @Test
    void aForgottenPasswordIsReplacedAndNobodyIsSignedIn() {
        realm.user("ada");
        AppAnswer tokens = app.redeem(app.signIn("ada", FirstPartyRealm.PASSWORD));
        AppAnswer start = reset();
        assertEquals("username", start.step(), start.body());
        AppAnswer code = app.step(start, "username", "ada");
        assertEquals("email_code", code.step(), code.body());
        assertEquals("ada", code.json().path("challenge").path("sent_to").asText());
        AppAnswer password = app.step(code, "code", realm.mailedCode(1));
        assertEquals("new_password", password.step(), password.body());
        AppAnswer changed = app.step(password, "new_password", NEW_PASSWORD);
        assertEquals(200, changed.status(), changed.body());
        assertEquals("{\"password_changed\":true}", changed.body());
        assertEquals("no-store", changed.header("cache-control"));
        assertEquals("invalid_grant", refresh(tokens).error());
        assertFalse(app.signIn("ada", FirstPartyRealm.PASSWORD).isDone());
        assertTrue(app.signIn("ada", NEW_PASSWORD).isDone());
        assertEquals(1, realm.events("RESET_PASSWORD").size());
        assertEquals(1, realm.events("UPDATE_CREDENTIAL").size());
        assertEquals(
                "first-party-apps",
                realm.events("RESET_PASSWORD").get(0).getDetails().get("auth_channel"));
    }

    @Test
    void aSecondFactorIsAskedForToo() {
        realm.userWithApp("ada");
        AppAnswer otp = app.step(codeStep("ada"), "code", realm.mailedCode(1));
        assertEquals("otp", otp.step(), otp.body());
        assertEquals(
                "invalid_request", app.step(otp, "new_password", NEW_PASSWORD).error());
        AppAnswer password = app.step(otp, "otp", Totp.code());
        assertEquals("new_password", password.step(), password.body());
        assertEquals(200, app.step(password, "new_password", NEW_PASSWORD).status());
    }

    @Test
    void aStrangerTakesTheSameStepsAndHasTheSameAnswers() {
        realm.user("ada");
        realm.user("off", user -> user.setEnabled(false));
        realm.user("nomail", user -> {
            user.setEmail("");
            user.setEmailVerified(false);
        });
        List<String> known = answers("ada");
        for (String other : List.of("off", "nomail", "nobody", "nobody@perch.example")) {
            assertEquals(known, answers(other), other);
        }
    }

    // Until the session ends, without what is random and what the user has entered
    private List<String> answers(String name) {
        List<String> answers = new ArrayList<>();
        AppAnswer answer = app.start("prompt", "reset_password", "username", name);
        answers.add(comparable(answer, name));
        answer = app.step(answer, "resend", "true");
        answers.add(comparable(answer, name));
        for (int i = 0; i < 10; i++) {
            answer = app.step(answer, "code", "0");
            answers.add(comparable(answer, name));
        }
        assertEquals("invalid_session", answer.error(), answer.body());
        return answers;
    }

    private static String comparable(AppAnswer answer, String name) {
        Map<String, List<String>> headers = new HashMap<>(answer.headers().map());
        headers.remove("content-length");
        headers.remove("date");
        return answer.status()
                + headers.toString()
                + answer.body()
                        .replace(answer.authSession(), "")
                        .replace("\"" + name + "\"", "")
                        .replaceFirst("\"resend_after\":[0-9]+", "");
    }

    @Test
    void anAnswerTakesTheSameTimeForAStranger() {
        realm.user("ada");
        int rounds = 45;
        double[] known = new double[rounds];
        double[] unknown = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            known[i] = time("ada");
            unknown[i] = time("eve");
        }
        double difference = Math.abs(median(known) - median(unknown));
        // A mail, or a password's hash, would take longer
        assertTrue(
                difference < 0.5 * Math.min(median(known), median(unknown)),
                () -> Arrays.toString(known) + Arrays.toString(unknown));
    }

    private double time(String name) {
        AppAnswer start = reset();
        long before = System.nanoTime();
        AppAnswer code = app.step(start, "username", name);
        double millis = (System.nanoTime() - before) / 1e6;
        assertEquals("email_code", code.step());
        return millis;
    }

    private static double median(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Test
    void thePasswordPolicyIsNamed() {
        realm.change(settings -> settings.setPasswordPolicy("length(12)"));
        realm.user("ada");
        AppAnswer password = app.step(codeStep("ada"), "code", realm.mailedCode(1));
        AppAnswer refused = app.step(password, "new_password", "short");
        assertEquals("new_password", refused.step(), refused.body());
        assertTrue(refused.failed());
        assertEquals(
                "[{\"field\":\"new_password\",\"message_key\":\"invalidPasswordMinLengthMessage\",\"parameters\":[12]}]",
                refused.json().path("challenge").path("errors").toString());
        assertEquals(200, app.step(refused, "new_password", NEW_PASSWORD).status());
    }

    @Test
    void otherActionsOfTheUserWaitForTheSignIn() {
        realm.enableAction("TERMS_AND_CONDITIONS");
        realm.user("ada", user -> user.setRequiredActions(List.of("TERMS_AND_CONDITIONS", "webauthn-register")));
        AppAnswer password = app.step(codeStep("ada"), "code", realm.mailedCode(1));
        assertEquals("new_password", password.step(), password.body());
        assertEquals(200, app.step(password, "new_password", NEW_PASSWORD).status());
        assertEquals("redirect_to_web", app.signIn("ada", NEW_PASSWORD).error());
    }

    @Test
    void aResetIsNoSignInAndASignInNoReset() {
        realm.user("ada");
        AppAnswer start = reset();
        AppAnswer mixed = app.step(start, "prompt", "login", "username", "ada", "password", FirstPartyRealm.PASSWORD);
        assertEquals("invalid_session", mixed.error(), mixed.body());
        assertEquals(
                "invalid_session",
                app.step(start, "prompt", "create", "profile", "{}").error());
        AppAnswer code = app.step(start, "username", "ada", "password", FirstPartyRealm.PASSWORD);
        assertEquals("email_code", code.step(), code.body());
        assertEquals(
                "invalid_request",
                app.step(code, "password", FirstPartyRealm.PASSWORD).error());
        AppAnswer signIn = app.start();
        assertEquals(
                "invalid_session",
                app.step(signIn, "prompt", "reset_password", "username", "ada").error());
        AppAnswer password = app.step(code, "code", realm.mailedCode(1));
        assertEquals(
                "invalid_session",
                app.step(password, "prompt", "login", "new_password", NEW_PASSWORD)
                        .error());
        AppAnswer changed = app.step(password, "new_password", NEW_PASSWORD);
        assertEquals(200, changed.status());
        assertFalse(changed.json().has("authorization_code"));
        assertEquals(
                "invalid_session",
                app.step(password, "new_password", "x".repeat(20)).error());
        assertEquals(0, realm.events("LOGIN").size());
    }

    @Test
    void noStepOfAResetIsSkipped() {
        realm.user("ada");
        AppAnswer start = reset();
        assertEquals(
                "invalid_request", app.step(start, "new_password", NEW_PASSWORD).error());
        assertEquals("invalid_request", app.step(start, "code", "123456").error());
        AppAnswer code = app.step(start, "username", "ada", "new_password", NEW_PASSWORD);
        assertEquals(
                "invalid_request", app.step(code, "new_password", NEW_PASSWORD).error());
        assertEquals("invalid_request", app.step(code, "username", "eve").error());
        assertTrue(app.signIn("ada", FirstPartyRealm.PASSWORD).isDone());
    }

    @Test
    void aResetThatIsSwitchedOffIsNotStartedAndNotContinued() {
        realm.user("ada");
        AppAnswer start = reset();
        realm.change(settings -> settings.setResetPasswordAllowed(false));
        assertEquals("invalid_session", app.step(start, "username", "ada").error());
        AppAnswer off = reset();
        assertEquals(400, off.status());
        assertEquals("invalid_request", off.error());
    }

    @Test
    void aResetByLinkNeedsABrowserBeforeAnyMail() {
        realm.change(settings -> settings.setResetCredentialsFlow("reset credentials"));
        realm.user("ada");
        AppAnswer known = app.start("prompt", "reset_password", "username", "ada");
        AppAnswer unknown = app.start("prompt", "reset_password", "username", "nobody");
        assertEquals("redirect_to_web", known.error(), known.body());
        assertTrue(known.text("request_uri").startsWith("urn:"), known.body());
        assertEquals(known.json().size(), unknown.json().size());
        assertEquals(0, realm.mails());
    }

    @Test
    void twentyPostsOfOneCodeOrPasswordHaveOneResult() throws InterruptedException, ExecutionException {
        realm.user("ada");
        AppAnswer code = codeStep("ada");
        String right = realm.mailedCode(1);
        List<AppAnswer> answers = Parallel.call(20, () -> app.step(code, "code", right));
        List<AppAnswer> next = answers.stream()
                .filter(answer -> answer.step().equals("new_password"))
                .toList();
        assertEquals(1, next.size());
        List<AppAnswer> changes = Parallel.call(20, () -> app.step(next.get(0), "new_password", NEW_PASSWORD));
        assertEquals(
                1, changes.stream().filter(answer -> answer.status() == 200).count());
        assertEquals(
                19,
                changes.stream()
                        .filter(answer -> answer.error().equals("invalid_session"))
                        .count());
        assertEquals(1, realm.events("RESET_PASSWORD").size());
    }

    @Test
    void everyStepOfAResetNeedsTheKeyOfItsFirstRequest() {
        realm.user("ada");
        FirstPartyApp bound = new FirstPartyApp(realm, FirstPartyRealm.APP, new DpopKey());
        FirstPartyApp thief = new FirstPartyApp(realm, FirstPartyRealm.APP, new DpopKey());
        AppAnswer start = bound.start("prompt", "reset_password");
        assertEquals("invalid_session", thief.step(start, "username", "ada").error());
        AppAnswer code = bound.step(start, "username", "ada");
        String right = realm.mailedCode(1);
        assertEquals("invalid_session", app.step(code, "code", right).error());
        AppAnswer password = bound.step(code, "code", right);
        assertEquals(
                "invalid_session",
                thief.step(password, "new_password", NEW_PASSWORD).error());
        assertEquals(200, bound.step(password, "new_password", NEW_PASSWORD).status());
    }

    @Test
    void anAccountThatIsDisabledBetweenTwoStepsGetsNoPassword() {
        String ada = realm.user("ada");
        AppAnswer password = app.step(codeStep("ada"), "code", realm.mailedCode(1));
        realm.changeUser(ada, user -> user.setEnabled(false));
        AppAnswer answer = app.step(password, "new_password", NEW_PASSWORD);
        assertEquals("access_denied", answer.error(), answer.body());
    }

    @Test
    void aResetEndsWhenThePasswordIsChangedInTheMeantime() {
        String ada = realm.user("ada");
        AppAnswer password = app.step(codeStep("ada"), "code", realm.mailedCode(1));
        CredentialRepresentation own = new CredentialRepresentation();
        own.setType(CredentialRepresentation.PASSWORD);
        own.setValue("the owner has chosen it");
        realm.admin().users().get(ada).resetPassword(own);
        AppAnswer late = app.step(password, "new_password", NEW_PASSWORD);
        assertEquals("invalid_session", late.error(), late.body());
        assertFalse(app.signIn("ada", NEW_PASSWORD).isDone());
        assertTrue(app.signIn("ada", "the owner has chosen it").isDone());
    }

    @Test
    void aResetEndsWhenTheAddressIsChangedInTheMeantime() {
        realm.userWithApp("ada");
        AppAnswer otp = app.step(codeStep("ada"), "code", realm.mailedCode(1));
        AppAnswer password = app.step(otp, "otp", Totp.code());
        realm.changeUser(realm.find("ada").orElseThrow().getId(), user -> user.setEmail("new@perch.example"));
        AppAnswer late = app.step(password, "new_password", NEW_PASSWORD);
        assertEquals("invalid_session", late.error(), late.body());
        assertEquals("otp", app.signIn("ada", FirstPartyRealm.PASSWORD).step());
    }

    @Test
    void whoTakesAnAccountByAResetChoosesThePasswordAndSignsIn() {
        realm.verifyAddressesByCode();
        realm.user("ada", user -> user.setEmailVerified(false));
        AppAnswer password = app.step(codeStep("ada"), "code", realm.mailedCode(1));
        assertEquals("new_password", password.step(), password.body());
        assertFalse(app.signIn("ada", FirstPartyRealm.PASSWORD).isDone());
        assertEquals(200, app.step(password, "new_password", NEW_PASSWORD).status());
        AppAnswer done = app.signIn("ada", NEW_PASSWORD);
        assertTrue(done.isDone(), done.body());
        assertEquals(200, app.redeem(done).status());
    }

    private AppAnswer reset() {
        return app.start("prompt", "reset_password");
    }

    private AppAnswer codeStep(String name) {
        return app.step(reset(), "username", name);
    }

    private AppAnswer refresh(AppAnswer tokens) {
        return app.token(new HashMap<>(Map.of(
                "grant_type",
                "refresh_token",
                "client_id",
                FirstPartyRealm.APP,
                "refresh_token",
                tokens.text("refresh_token"))));
    }
}
