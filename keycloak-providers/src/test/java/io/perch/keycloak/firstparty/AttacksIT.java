package io.perch.keycloak.firstparty;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.DpopKey;
import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.Totp;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** What somebody tries who wants in: on somebody else's session, past a step, or more than once. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class AttacksIT extends FirstPartyInAServer {

    private static final String[] ADA = {"username", "ada", "password", FirstPartyRealm.PASSWORD};

    @Test
    void anotherClientDoesNotContinueASession() {
        realm.user("ada");
        AppAnswer start = app.start();
        AppAnswer stolen = new FirstPartyApp(realm, "other-app").step(start, ADA);
        assertEquals("invalid_session", stolen.error());
        assertTrue(app.step(start, ADA).isDone(), "The thief's try must not use it up");
    }

    @Test
    void anotherRealmDoesNotContinueASession() {
        try (FirstPartyRealm other = FirstPartyRealm.create(URI.create(urls.getBase()))) {
            other.user("ada");
            AppAnswer start = app.start();
            AppAnswer stolen = new FirstPartyApp(other, FirstPartyRealm.APP).step(start, ADA);
            assertEquals("invalid_session", stolen.error());
        }
    }

    @Test
    void anotherKeyOrNoneDoesNotContinueASession() {
        realm.user("ada");
        FirstPartyApp bound = new FirstPartyApp(realm, FirstPartyRealm.APP, new DpopKey());
        AppAnswer start = bound.start();
        assertEquals("invalid_session", app.step(start, ADA).error());
        FirstPartyApp thief = new FirstPartyApp(realm, FirstPartyRealm.APP, new DpopKey());
        assertEquals("invalid_session", thief.step(start, ADA).error());
        assertTrue(bound.step(start, ADA).isDone());
        AppAnswer free = app.start();
        assertEquals("invalid_session", thief.step(free, ADA).error());
    }

    @Test
    void whatWasUsedIsNotUsedAgain() {
        realm.userWithApp("ada");
        AppAnswer start = app.start();
        AppAnswer otp = app.step(start, ADA);
        assertEquals("invalid_session", app.step(start, ADA).error());
        String code = Totp.code();
        AppAnswer done = app.step(otp, "otp", code);
        assertTrue(done.isDone(), done.body());
        assertEquals("invalid_session", app.step(otp, "otp", code).error());
        AppAnswer again = app.step(app.signIn("ada", FirstPartyRealm.PASSWORD), "otp", code);
        assertFalse(again.isDone(), "Keycloak takes a code once");
    }

    @Test
    void noStepIsSkipped() {
        realm.userWithApp("ada");
        AppAnswer later = app.step(app.start(), "otp", Totp.code());
        assertEquals("invalid_request", later.error());
        AppAnswer both = app.start(
                "username", "ada", "password", FirstPartyRealm.PASSWORD, "otp", Totp.code(), "accepted", "true");
        assertEquals("otp", both.step(), both.body());
        AppAnswer forced = app.step(
                both,
                "authenticationExecution",
                "x",
                "execution",
                "x",
                "tryAnotherWay",
                "on",
                "cancel",
                "true",
                "password",
                FirstPartyRealm.PASSWORD);
        assertEquals("invalid_request", forced.error());
        AppAnswer otp = app.step(both, "new_password", "another one that is long", "otp", "000000");
        assertEquals("otp", otp.step());
        assertTrue(otp.failed());
    }

    @Test
    void twentyPostsAtOnceHaveOneResult() throws InterruptedException, ExecutionException {
        realm.user("ada");
        AppAnswer start = app.start();
        List<AppAnswer> answers = Parallel.call(20, () -> app.step(start, ADA));
        assertEquals(1, answers.stream().filter(AppAnswer::isDone).count());
        assertEquals(
                19,
                answers.stream()
                        .filter(answer -> answer.error().equals("invalid_session"))
                        .count());
        assertEquals(1, realm.events("LOGIN").size());
    }

    @Test
    void twentyGuessesAtOnceAreOneGuess() throws InterruptedException, ExecutionException {
        realm.user("ada");
        AppAnswer start = app.start();
        List<AppAnswer> answers = Parallel.call(20, () -> app.step(start, "username", "ada", "password", "wrong"));
        assertEquals(1, answers.stream().filter(AppAnswer::failed).count());
    }

    @Test
    void tenIncompleteEntriesEndTheFlow() {
        realm.user("ada");
        AppAnswer start = app.start();
        for (int i = 1; i < 10; i++) {
            assertEquals("invalid_request", app.step(start, "username", "ada").error());
        }
        AppAnswer tenth = app.step(start, "username", "ada");
        assertEquals("invalid_session", tenth.error(), tenth.body());
        assertEquals("invalid_session", app.step(start, ADA).error());
    }

    @Test
    void fortyIncompleteEntriesAtOnceAreNoMoreThanNine() throws InterruptedException, ExecutionException {
        AppAnswer start = app.start();
        List<AppAnswer> answers = Parallel.call(40, () -> app.step(start, "username", "ada"));
        assertEquals(
                9,
                answers.stream()
                        .filter(answer -> answer.error().equals("invalid_request"))
                        .count(),
                answers::toString);
    }

    @Test
    void cookiesSignNobodyIn() {
        realm.user("ada");
        String cookies = BrowserSignIn.cookies(realm, "ada");
        assertTrue(cookies.contains("KEYCLOAK_IDENTITY"), cookies);
        AppAnswer answer = FirstPartyApp.send(HttpRequest.newBuilder(app.endpoint())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Cookie", cookies)
                .POST(BodyPublishers.ofString("client_id=app&response_type=code&scope=openid&code_challenge_method=S256"
                        + "&code_challenge=" + FirstPartyApp.CHALLENGE))
                .build());
        assertEquals("password", answer.step(), answer.body());
    }

    @Test
    void acrValuesDoNotGoBelowTheMinimumOfTheClient() {
        realm.browserFlow(TestFlows.STEP_UP);
        realm.change(settings -> settings.getAttributes().put("acr.loa.map", "{\"silver\":\"1\",\"gold\":\"2\"}"));
        realm.changeClient(FirstPartyRealm.APP, client -> client.getAttributes().put("minimum.acr.value", "gold"));
        realm.userWithApp("ada");
        AppAnswer otp = app.signIn("ada", FirstPartyRealm.PASSWORD, "acr_values", "silver");
        assertEquals("otp", otp.step(), otp.body());
    }

    @Test
    void aFlowThatCannotReachTheMinimumSignsNobodyIn() {
        realm.change(settings -> settings.getAttributes().put("acr.loa.map", "{\"silver\":\"1\",\"gold\":\"2\"}"));
        realm.browserFlow(TestFlows.USERNAME_FIRST);
        realm.changeClient(FirstPartyRealm.APP, client -> client.getAttributes().put("minimum.acr.value", "gold"));
        realm.user("ada");
        AppAnswer password = app.step(app.start(), "username", "ada");
        AppAnswer answer = app.step(password, "password", FirstPartyRealm.PASSWORD);
        assertFalse(answer.isDone(), answer.body());
    }

    @Test
    void onlyOfferedAlternativesAreTaken() {
        realm.browserFlow(TestFlows.APP_OR_RECOVERY);
        realm.userWithApp("ada");
        AppAnswer otp = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("otp", otp.step(), otp.body());
        assertEquals("invalid_request", app.step(otp, "alternative", "password").error());
        assertEquals(
                "invalid_request", app.step(otp, "alternative", "email_code").error());
        assertTrue(app.step(otp, "otp", Totp.code()).isDone());
    }

    @Test
    void anAnswerDoesNotTellWhoHasAnAccount() {
        realm.user("ada");
        realm.user("disabled", user -> user.setEnabled(false));
        AppAnswer known = app.signIn("ada", "wrong");
        for (AppAnswer other : List.of(
                app.signIn("nobody", "wrong"),
                app.signIn("disabled", "wrong"),
                app.signIn("disabled", FirstPartyRealm.PASSWORD))) {
            assertEquals(known.status(), other.status());
            assertEquals(withoutSession(known), withoutSession(other));
            assertEquals(known.headers().map().keySet(), other.headers().map().keySet());
        }
    }

    private static String withoutSession(AppAnswer answer) {
        return answer.body().replace(answer.authSession(), "");
    }

    @Test
    void aLockedAccountIsAnsweredAsAWrongPasswordIs() {
        realm.change(settings -> {
            settings.setBruteForceProtected(true);
            settings.setFailureFactor(3);
            settings.setQuickLoginCheckMilliSeconds(0L);
        });
        String ada = realm.user("ada");
        AppAnswer wrong = app.start();
        for (int i = 1; i <= 3; i++) {
            wrong = app.step(wrong, "username", "ada", "password", "wrong");
            int failures = i;
            await().until(() -> Integer.valueOf(failures).equals(lock(ada).get("numFailures")));
        }
        await().until(() -> Boolean.TRUE.equals(lock(ada).get("disabled")));
        AppAnswer right = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals(withoutSession(wrong), withoutSession(right));
        assertEquals(
                "user_temporarily_disabled", realm.events("LOGIN_ERROR").get(0).getError());
    }

    private Map<String, Object> lock(String user) {
        return realm.admin().attackDetection().bruteForceUserStatus(user);
    }

    @Test
    void anAccountThatIsDisabledBetweenTwoStepsIsNotSignedIn() {
        String ada = realm.userWithApp("ada");
        AppAnswer otp = app.signIn("ada", FirstPartyRealm.PASSWORD);
        realm.changeUser(ada, user -> user.setEnabled(false));
        AppAnswer answer = app.step(otp, "otp", Totp.code());
        assertEquals(400, answer.status());
        assertEquals("access_denied", answer.error(), answer.body());
    }

    @Test
    void anAccountThatIsDeletedBetweenTwoStepsIsNotSignedIn() {
        String ada = realm.userWithApp("ada");
        AppAnswer otp = app.signIn("ada", FirstPartyRealm.PASSWORD);
        realm.admin().users().delete(ada).close();
        AppAnswer answer = app.step(otp, "otp", Totp.code());
        assertFalse(answer.isDone(), answer.body());
        assertNotEquals(500, answer.status());
    }

    @Test
    void aFlowThatIsReplacedBetweenTwoStepsSignsNobodyIn() {
        realm.userWithApp("ada");
        AppAnswer otp = app.signIn("ada", FirstPartyRealm.PASSWORD);
        realm.browserFlow(TestFlows.DENY);
        AppAnswer answer = app.step(otp, "otp", Totp.code());
        assertEquals("invalid_session", answer.error(), answer.body());
    }

    @Test
    void aClientThatIsNoLongerFirstPartyDoesNotGoOn() {
        realm.user("ada");
        AppAnswer start = app.start();
        realm.noLongerFirstParty(FirstPartyRealm.APP);
        assertEquals("unauthorized_client", app.step(start, ADA).error());
    }
}
