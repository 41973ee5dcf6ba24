package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.perch.keycloak.DpopKey;
import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.SoftwareAuthenticator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.EventRepresentation;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** Passkeys and security keys (Web Authentication Level 3) as steps, and what somebody tries who has none. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class WebAuthnIT extends FirstPartyInAServer {

    private static final String SECOND_FACTOR = "webauthn";
    private static final String PASSKEY = "webauthn-passwordless";
    private static final String RP_ID = "localhost";

    private final SoftwareAuthenticator key = new SoftwareAuthenticator();

    @BeforeEach
    void discardStackTraces() {
        ServerErrorOutput.discard();
    }

    @Test
    void aSecurityKeyIsASecondFactor() {
        realm.browserFlow(TestFlows.SECURITY_KEY);
        userWithKey("ada", SECOND_FACTOR, key);
        AppAnswer asked = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("webauthn", asked.step(), asked.body());
        assertFalse(asked.failed());
        assertEquals(
                List.of("credential"), asked.list(asked.json().path("challenge").path("fields")));
        JsonNode options = options(asked);
        assertEquals(RP_ID, options.path("rpId").asText());
        assertEquals(
                "public-key",
                options.path("allowCredentials").path(0).path("type").asText());
        assertEquals(
                key.credentialId(),
                options.path("allowCredentials").path(0).path("id").asText());
        assertEquals(
                List.of("usb"),
                asked.list(options.path("allowCredentials").path(0).path("transports")));
        assertFalse(options.has("timeout"), asked.body());
        AppAnswer done = app.step(asked, "credential", answer(asked, key, ""));
        assertTrue(done.isDone(), done.body());
        assertEquals(200, app.redeem(done).status());
        EventRepresentation event = realm.events("LOGIN").get(0);
        assertEquals("ada", event.getDetails().get("username"));
    }

    @Test
    void aPasskeySignsInWithoutAName() {
        realm.browserFlow(TestFlows.PASSKEY);
        realm.change(settings -> {
            settings.setWebAuthnPolicyPasswordlessCreateTimeout(60);
            settings.setWebAuthnPolicyPasswordlessUserVerificationRequirement("required");
        });
        String ada = userWithKey("ada", PASSKEY, key);
        AppAnswer asked = app.start();
        assertEquals("webauthn", asked.step(), asked.body());
        assertEquals(0, options(asked).path("allowCredentials").size());
        assertEquals(60_000, options(asked).path("timeout").asInt());
        assertEquals("required", options(asked).path("userVerification").asText());
        AppAnswer done = app.step(asked, "credential", answer(asked, key, ada));
        assertTrue(done.isDone(), done.body());
        assertEquals(
                "ada",
                app.redeem(done)
                        .claims("access_token")
                        .path("preferred_username")
                        .asText());
    }

    @Test
    void aPasskeyTakesThePlaceOfThePasswordWhereThePageOffersIt() {
        realm.change(settings -> settings.setWebAuthnPolicyPasswordlessPasskeysEnabled(true));
        String ada = userWithKey("ada", PASSKEY, key);
        AppAnswer asked = app.start();
        assertEquals("password", asked.step(), asked.body());
        assertEquals(
                List.of("username", "password", "credential"),
                asked.list(asked.json().path("challenge").path("fields")));
        AppAnswer wrong = app.step(asked, "username", "ada", "password", "wrong");
        assertTrue(wrong.failed(), wrong.body());
        assertNotEquals(challenge(asked), challenge(wrong));
        AppAnswer old = app.step(wrong, "credential", answer(asked, key, ada));
        assertTrue(old.failed(), old.body());
        assertEquals("password", old.step(), old.body());
        AppAnswer done = app.step(old, "credential", answer(old, key, ada));
        assertTrue(done.isDone(), done.body());
    }

    @Test
    void withoutPasskeysInTheRealmNoneIsOffered() {
        AppAnswer asked = app.start();
        assertEquals(
                List.of("username", "password"),
                asked.list(asked.json().path("challenge").path("fields")));
        assertFalse(asked.json().path("challenge").has("publicKey"));
        String ada = userWithKey("ada", PASSKEY, key);
        AppAnswer answer = app.step(asked, "credential", key.assertion(origin(), RP_ID, "AAAA", ada));
        assertFalse(answer.isDone(), answer.body());
        assertNotEquals(500, answer.status());
    }

    @Test
    void aKeyInAnotherOriginOfThePolicyIsTaken() {
        String android = "android:apk-key-hash:pNiP5iKyQ8JwgGOaKA1zGPUPJIS-0H1xKCQcfIoGLck";
        realm.browserFlow(TestFlows.SECURITY_KEY);
        userWithKey("ada", SECOND_FACTOR, key);
        AppAnswer asked = app.signIn("ada", FirstPartyRealm.PASSWORD);
        AppAnswer refused = app.step(asked, "credential", key.assertion(android, RP_ID, challenge(asked), ""));
        assertTrue(refused.failed(), refused.body());
        realm.change(settings -> settings.setWebAuthnPolicyExtraOrigins(List.of(android)));
        AppAnswer done = app.step(refused, "credential", key.assertion(android, RP_ID, challenge(refused), ""));
        assertTrue(done.isDone(), done.body());
    }

    @Test
    void aWrongAssertionIsAFailedStepWithANewChallenge() {
        realm.browserFlow(TestFlows.SECURITY_KEY);
        userWithKey("ada", SECOND_FACTOR, key);
        SoftwareAuthenticator other = new SoftwareAuthenticator();
        String eve = userWithKey("eve", SECOND_FACTOR, other);
        AppAnswer asked = app.signIn("ada", FirstPartyRealm.PASSWORD);
        AppAnswer last = asked;
        for (UnaryOperator<String> wrong : List.<UnaryOperator<String>>of(
                challenge -> key.assertion("https://evil.example", RP_ID, challenge, ""),
                challenge -> key.assertion(origin(), RP_ID, challenge(asked), ""),
                challenge -> key.assertion(origin(), "evil.example", challenge, ""),
                challenge -> other.assertion(origin(), RP_ID, challenge, ""),
                challenge -> other.assertion(origin(), RP_ID, challenge, eve),
                challenge -> key.assertion(origin(), RP_ID, challenge, "nobody"),
                challenge -> key.assertion(origin(), RP_ID, challenge, "")
                        .replaceFirst("\"signature\":\"....", "\"signature\":\"AAAA"))) {
            AppAnswer answer = app.step(last, "credential", wrong.apply(challenge(last)));
            assertEquals(403, answer.status(), answer.body());
            assertEquals("webauthn", answer.step(), answer.body());
            assertTrue(answer.failed(), answer.body());
            assertNotEquals(challenge(last), challenge(answer));
            last = answer;
        }
        AppAnswer done = app.step(last, "credential", answer(last, key, ""));
        assertTrue(done.isDone(), done.body());
    }

    @Test
    void whatIsNoCredentialIsRefusedAndTheStepStillWaits() {
        realm.browserFlow(TestFlows.SECURITY_KEY);
        userWithKey("ada", SECOND_FACTOR, key);
        for (UnaryOperator<String> wrong : List.<UnaryOperator<String>>of(
                right -> "",
                right -> "nonsense",
                right -> "[]",
                right -> "{}",
                right -> "null",
                right -> right.replace("public-key", "password"),
                right -> right.replaceFirst("\"rawId\":\"[^\"]*\"", "\"rawId\":\"!!\""),
                right -> right.replaceFirst("\"rawId\":\"[^\"]*\"", "\"rawId\":\"A\""),
                right -> right.replaceFirst("\"signature\":\"[^\"]*\"", "\"signature\":null"),
                right -> right.replaceFirst("\"userHandle\":null", "\"userHandle\":\"AA\""),
                right -> right.replaceFirst("\"userHandle\":null", "\"userHandle\":\"" + "AAAA".repeat(40) + "\""))) {
            AppAnswer asked = app.signIn("ada", FirstPartyRealm.PASSWORD);
            String right = answer(asked, key, "");
            AppAnswer answer = app.step(asked, "credential", wrong.apply(right));
            assertEquals("invalid_request", answer.error(), answer::body);
            assertTrue(app.step(asked, "credential", right).isDone());
        }
    }

    @Test
    void bytesThatAreNoAssertionAreAFailedStep() {
        realm.browserFlow(TestFlows.SECURITY_KEY);
        userWithKey("ada", SECOND_FACTOR, key);
        AppAnswer last = app.signIn("ada", FirstPartyRealm.PASSWORD);
        for (String part : List.of("clientDataJSON", "authenticatorData", "signature")) {
            for (String bytes : List.of("AA", "e30")) {
                String credential = answer(last, key, "")
                        .replaceFirst("\"" + part + "\":\"[^\"]*\"", "\"" + part + "\":\"" + bytes + "\"");
                AppAnswer answer = app.step(last, "credential", credential);
                assertEquals(403, answer.status(), part + bytes + answer.body());
                assertTrue(answer.failed(), answer.body());
                last = answer;
            }
        }
        assertTrue(app.step(last, "credential", answer(last, key, "")).isDone());
    }

    @Test
    void anAssertionWithAnOldCounterIsRefused() {
        realm.browserFlow(TestFlows.SECURITY_KEY);
        userWithKey("ada", SECOND_FACTOR, key);
        AppAnswer asked = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertTrue(app.step(asked, "credential", key.assertion(origin(), RP_ID, challenge(asked), "", 7))
                .isDone());
        AppAnswer copied = app.signIn("ada", FirstPartyRealm.PASSWORD);
        AppAnswer refused = app.step(copied, "credential", key.assertion(origin(), RP_ID, challenge(copied), "", 7));
        assertTrue(refused.failed(), refused.body());
    }

    @Test
    void aPasskeyDoesNotTellWhoHasAnAccount() {
        realm.browserFlow(TestFlows.PASSKEY);
        String ada = userWithKey("ada", PASSKEY, key);
        String bob = realm.user("bob");
        String disabled = userWithKey("disabled", PASSKEY, new SoftwareAuthenticator());
        realm.changeUser(disabled, user -> user.setEnabled(false));
        SoftwareAuthenticator stranger = new SoftwareAuthenticator();
        AppAnswer known = app.start();
        AppAnswer wrong = app.step(known, "credential", answer(known, stranger, ada));
        for (String user : List.of(bob, disabled, "00000000-0000-0000-0000-000000000000", "f:a:b", "")) {
            AppAnswer start = app.start();
            AppAnswer answer = app.step(start, "credential", answer(start, stranger, user));
            assertEquals(wrong.status(), answer.status());
            assertEquals(withoutRandom(wrong), withoutRandom(answer));
        }
    }

    @Test
    void aDisabledAccountWithItsPasskeyIsAnsweredAsAWrongPasskeyIs() {
        realm.browserFlow(TestFlows.PASSKEY);
        String ada = userWithKey("ada", PASSKEY, key);
        realm.changeUser(ada, user -> user.setEnabled(false));
        AppAnswer start = app.start();
        AppAnswer right = app.step(start, "credential", answer(start, key, ada));
        AppAnswer again = app.start();
        AppAnswer wrong = app.step(again, "credential", answer(again, new SoftwareAuthenticator(), ada));
        assertEquals(withoutRandom(wrong), withoutRandom(right));
        assertEquals(
                1,
                realm.events("LOGIN_ERROR").stream()
                        .filter(event -> "user_disabled".equals(event.getError()))
                        .count());
    }

    @Test
    void twentyPostsOfOneAssertionHaveOneResult() throws InterruptedException, ExecutionException {
        realm.browserFlow(TestFlows.PASSKEY);
        String ada = userWithKey("ada", PASSKEY, key);
        AppAnswer asked = app.start();
        String credential = answer(asked, key, ada);
        List<AppAnswer> answers = Parallel.call(20, () -> app.step(asked, "credential", credential));
        assertEquals(1, answers.stream().filter(AppAnswer::isDone).count());
        assertEquals(
                19,
                answers.stream()
                        .filter(answer -> answer.error().equals("invalid_session"))
                        .count());
    }

    @Test
    void anAssertionIsTakenOnlyWithTheKeyOfTheSession() {
        realm.browserFlow(TestFlows.PASSKEY);
        String ada = userWithKey("ada", PASSKEY, key);
        FirstPartyApp bound = new FirstPartyApp(realm, FirstPartyRealm.APP, new DpopKey());
        AppAnswer asked = bound.start();
        String credential = answer(asked, key, ada);
        assertEquals(
                "invalid_session", app.step(asked, "credential", credential).error());
        FirstPartyApp thief = new FirstPartyApp(realm, FirstPartyRealm.APP, new DpopKey());
        assertEquals(
                "invalid_session", thief.step(asked, "credential", credential).error());
        assertTrue(bound.step(asked, "credential", credential).isDone());
    }

    private String userWithKey(String name, String type, SoftwareAuthenticator authenticator) {
        return realm.user(name, user -> {
            List<CredentialRepresentation> credentials = new ArrayList<>(user.getCredentials());
            credentials.add(authenticator.credential(type));
            user.setCredentials(credentials);
        });
    }

    private String answer(AppAnswer asked, SoftwareAuthenticator authenticator, String userHandle) {
        return authenticator.assertion(origin(), RP_ID, challenge(asked), userHandle);
    }

    // The origin of the server's own pages
    private String origin() {
        return urls.getBase().replaceFirst("^(https?://[^/]+).*", "$1");
    }

    private static JsonNode options(AppAnswer asked) {
        return asked.json().path("challenge").path("publicKey");
    }

    private static String challenge(AppAnswer asked) {
        return options(asked).path("challenge").asText();
    }

    private static String withoutRandom(AppAnswer answer) {
        return answer.body().replace(answer.authSession(), "").replace(challenge(answer), "");
    }
}
