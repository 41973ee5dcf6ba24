package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.perch.keycloak.DpopKey;
import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.Totp;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.representations.idm.EventRepresentation;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** The rules of draft-ietf-oauth-first-party-apps-04; the tests have the numbers of its sections. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class ContractIT extends FirstPartyInAServer {

    @Test
    void section1AnAppSignsAUserInWithoutABrowser() {
        realm.user("ada");
        AppAnswer start = app.start();
        assertEquals("password", start.step());
        AppAnswer done = app.step(start, "username", "ada", "password", FirstPartyRealm.PASSWORD);
        assertTrue(done.isDone(), done.body());
        AppAnswer tokens = app.redeem(done);
        assertEquals(200, tokens.status(), tokens.body());
        assertEquals(
                "ada", tokens.claims("access_token").path("preferred_username").asText());
        EventRepresentation event = realm.events("LOGIN").get(0);
        assertEquals("ada", event.getDetails().get("username"));
        assertEquals("openid-connect", event.getDetails().get("auth_method"));
        assertEquals("first-party-apps", event.getDetails().get("auth_channel"));
        assertEquals(FirstPartyRealm.APP, event.getClientId());
        assertEquals(1, realm.events("CODE_TO_TOKEN").size());
    }

    @Test
    void section1ASecondFactorIsAStepOfItsOwn() {
        realm.userWithApp("ada");
        AppAnswer otp = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals(403, otp.status());
        assertEquals("otp", otp.step());
        assertFalse(otp.failed());
        AppAnswer wrong = app.step(otp, "otp", "000000");
        assertEquals("otp", wrong.step());
        assertTrue(wrong.failed());
        AppAnswer done = app.step(wrong, "otp", Totp.code());
        assertTrue(done.isDone(), done.body());
        assertEquals(200, app.redeem(done).status());
    }

    @Test
    void section41RequestsAreFormsInUtf8() {
        assertEquals(
                405,
                FirstPartyApp.send(HttpRequest.newBuilder(app.endpoint()).build())
                        .status());
        assertEquals(415, post("application/json", "{}").status());
        assertEquals(
                415,
                post("application/x-www-form-urlencoded; charset=iso-8859-1", "a=b")
                        .status());
        AppAnswer notUtf8 = post("application/x-www-form-urlencoded", "client_id=%E4");
        assertEquals(400, notUtf8.status());
        assertEquals("invalid_request", notUtf8.error());
        assertEquals(
                413,
                post("application/x-www-form-urlencoded", "a=" + "b".repeat(20_000))
                        .status());
        AppAnswer twice = post("application/x-www-form-urlencoded", "client_id=app&client_id=app");
        assertEquals("invalid_request", twice.error());
    }

    @Test
    void section41ControlCharactersAreRefused() {
        AppAnswer start = app.start();
        for (String text : List.of("a\0b", "a\nb", "a\u001bb", "a\u0085b")) {
            assertEquals(
                    "invalid_request",
                    app.step(start, "username", text, "password", "x").error());
            assertEquals("invalid_request", app.start("login_hint", text).error());
        }
        AppAnswer half = post("application/x-www-form-urlencoded", "client_id=app&username=%ED%A0%80");
        assertEquals("invalid_request", half.error());
        // Was not used up. A password is only hashed
        assertTrue(app.step(start, "username", "ada", "password", "a\0b").failed());
    }

    @Test
    void section41ParametersInTheAddressAreRefused() {
        AppAnswer answer = FirstPartyApp.send(
                HttpRequest.newBuilder(URI.create(app.endpoint() + "?client_id=app&response_type=code"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(""))
                        .build());
        assertEquals(400, answer.status());
        assertEquals("invalid_request", answer.error());
    }

    @Test
    void section41AConfidentialClientAuthenticatesInEveryRequest() {
        realm.user("ada");
        FirstPartyApp confidential = new FirstPartyApp(realm, "confidential");
        AppAnswer nobody = confidential.start();
        assertEquals(401, nobody.status());
        assertEquals("invalid_client", nobody.error());
        AppAnswer wrong = confidential.start("client_secret", "wrong");
        assertEquals(401, wrong.status());
        assertEquals("invalid_client", wrong.error());
        AppAnswer start = confidential.start("client_secret", FirstPartyRealm.SECRET);
        assertEquals("password", start.step());
        AppAnswer unproven = confidential.step(start, "username", "ada", "password", FirstPartyRealm.PASSWORD);
        assertEquals(401, unproven.status());
        AppAnswer done = confidential.step(
                start,
                "client_secret",
                FirstPartyRealm.SECRET,
                "username",
                "ada",
                "password",
                FirstPartyRealm.PASSWORD);
        assertTrue(done.isDone(), done.body());
        assertEquals(
                200,
                confidential
                        .redeem(done, "client_secret", FirstPartyRealm.SECRET)
                        .status());
    }

    @Test
    void section41ParametersOfOpenIdConnectAreTaken() {
        realm.user("ada");
        AppAnswer done =
                app.signIn("ada", FirstPartyRealm.PASSWORD, "nonce", "n-1", "max_age", "60", "scope", "openid email");
        JsonNode idToken = app.redeem(done).claims("id_token");
        assertEquals("n-1", idToken.path("nonce").asText());
        assertEquals("ada@perch.example", idToken.path("email").asText());
        assertTrue(idToken.hasNonNull("auth_time"));
    }

    @Test
    void section41WhatTheAuthorizationEndpointRefusesIsRefused() {
        assertEquals("invalid_scope", app.start("scope", "openid nonsense").error());
        assertEquals("request_not_supported", app.start("request", "e30.e30.").error());
        assertEquals(
                "request_uri_not_supported", app.start("request_uri", "urn:x").error());
        assertEquals("login_required", app.start("prompt", "none").error());
        assertEquals(
                "invalid_request",
                app.start("redirect_uri", "https://evil.example/").error());
    }

    @Test
    void section41TheEndpointIsPublished() {
        for (String document : List.of("/.well-known/openid-configuration")) {
            AppAnswer metadata = FirstPartyApp.send(
                    HttpRequest.newBuilder(realm.address(document)).build());
            assertEquals(app.endpoint().toString(), metadata.text("authorization_challenge_endpoint"));
            assertTrue(metadata.json().hasNonNull("token_endpoint"));
        }
    }

    @Test
    void section5OnlyFirstPartyClientsAreServed() {
        AppAnswer thirdParty = new FirstPartyApp(realm, "third-party").start();
        assertEquals(400, thirdParty.status());
        assertEquals("unauthorized_client", thirdParty.error());
        AppAnswer unknown = new FirstPartyApp(realm, "nobody").start();
        assertEquals(401, unknown.status());
        assertEquals("invalid_client", unknown.error());
        realm.changeClient(FirstPartyRealm.APP, client -> client.setConsentRequired(true));
        assertEquals("unauthorized_client", app.start().error());
        realm.changeClient(FirstPartyRealm.APP, client -> {
            client.setConsentRequired(false);
            client.setStandardFlowEnabled(false);
        });
        assertEquals("unauthorized_client", app.start().error());
    }

    /** Keycloak's condition for client policies compares it so, too. */
    @Test
    void section5TheAttributeIsExactlyTrue() {
        realm.changeClient(
                FirstPartyRealm.APP, client -> client.getAttributes().put(FirstPartyClient.ATTRIBUTE, "TRUE"));
        assertEquals("unauthorized_client", app.start().error());
    }

    @Test
    void section5AClientThatCanChangeItsOwnRegistrationIsNotFirstParty() {
        realm.giveRegistrationToken(FirstPartyRealm.APP);
        assertEquals("unauthorized_client", app.start().error());
    }

    @Test
    void section51TheClientIdMayComeFromAuthSession() {
        realm.user("ada");
        AppAnswer start = app.start();
        AppAnswer done = app.step(start, "client_id", "", "username", "ada", "password", FirstPartyRealm.PASSWORD);
        assertTrue(done.isDone(), done.body());
    }

    @Test
    void section51AnotherClientIdIsRejected() {
        realm.user("ada");
        AppAnswer start = app.start();
        AppAnswer other =
                app.step(start, "client_id", "other-app", "username", "ada", "password", FirstPartyRealm.PASSWORD);
        assertEquals(400, other.status());
        assertEquals("invalid_session", other.error());
        assertTrue(app.step(start, "username", "ada", "password", FirstPartyRealm.PASSWORD)
                .isDone());
    }

    @Test
    void section51ResponseTypeIsRequiredAndIsCode() {
        assertEquals("invalid_request", app.start("response_type", "").error());
        assertEquals(
                "unsupported_response_type", app.start("response_type", "token").error());
    }

    @Test
    void section51PublicClientsNeedPkceWithS256() {
        assertEquals(
                "invalid_request",
                app.start("code_challenge", "", "code_challenge_method", "").error());
        assertEquals(
                "invalid_request", app.start("code_challenge_method", "plain").error());
        assertEquals("invalid_request", app.start("code_challenge_method", "").error());
        realm.user("ada");
        AppAnswer done = app.signIn("ada", FirstPartyRealm.PASSWORD);
        AppAnswer wrong = app.redeem(done, "code_verifier", "x".repeat(43));
        assertEquals("invalid_grant", wrong.error());
    }

    @Test
    void section51LoginHintIsTheNameOfTheUser() {
        realm.user("ada");
        AppAnswer done = app.start("login_hint", "ada", "password", FirstPartyRealm.PASSWORD);
        assertTrue(done.isDone(), done.body());
    }

    @Test
    void section51TheFirstRequestMayHaveTheFirstStep() {
        realm.user("ada");
        assertTrue(app.start("username", "ada", "password", FirstPartyRealm.PASSWORD)
                .isDone());
        AppAnswer wrong = app.start("username", "ada", "password", "wrong");
        assertEquals(403, wrong.status());
        assertTrue(wrong.failed());
    }

    @Test
    void section521TheAnswerIsNotStored() {
        realm.user("ada");
        AppAnswer done = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("no-store", done.header("cache-control"));
        assertEquals("application/json", done.header("content-type").replaceFirst(";.*", ""));
        assertEquals(1, done.json().size(), done.body());
        assertEquals("", done.header("set-cookie"));
        assertEquals("no-store", app.start().header("cache-control"));
    }

    @Test
    void section5221AnUnknownSessionIsInvalid() {
        AppAnswer start = app.start();
        for (String value : List.of("x", "A".repeat(43), "%00")) {
            AppAnswer answer = app.step(start, "auth_session", value, "username", "ada", "password", "x");
            assertEquals(400, answer.status());
            assertEquals("invalid_session", answer.error());
        }
    }

    @Test
    void section5221AStepThatIsNotCompleteLeavesTheSession() {
        realm.user("ada");
        AppAnswer start = app.start();
        AppAnswer incomplete = app.step(start, "username", "ada");
        assertEquals(400, incomplete.status());
        assertEquals("invalid_request", incomplete.error());
        assertTrue(app.step(start, "username", "ada", "password", FirstPartyRealm.PASSWORD)
                .isDone());
    }

    @Test
    void section52211ARequestUriComesOnlyAfterACodeChallenge() {
        realm.browserFlow(TestFlows.SECURITY_KEY);
        realm.user("ada");
        AppAnswer web = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals(403, web.status());
        assertEquals("redirect_to_web", web.error());
        assertTrue(web.text("request_uri").startsWith("urn:ietf:params:oauth:request_uri:"), web.body());
        assertTrue(web.json().path("expires_in").asInt() > 0);
        assertFalse(web.json().has("auth_session"));
        AppAnswer page =
                FirstPartyApp.send(HttpRequest.newBuilder(realm.address("/protocol/openid-connect/auth?client_id="
                                + FirstPartyRealm.APP + "&request_uri=" + web.text("request_uri")))
                        .build());
        assertTrue(page.status() == 302 || page.body().contains("kc-form-login"), page.status() + page.body());
        FirstPartyApp confidential = new FirstPartyApp(realm, "confidential");
        realm.changeClient("confidential", client -> client.getAttributes().put("pkce.code.challenge.method", ""));
        AppAnswer start = confidential.start(
                "client_secret", FirstPartyRealm.SECRET, "code_challenge", "", "code_challenge_method", "");
        AppAnswer plain = confidential.step(
                start,
                "client_secret",
                FirstPartyRealm.SECRET,
                "username",
                "ada",
                "password",
                FirstPartyRealm.PASSWORD);
        assertEquals("redirect_to_web", plain.error(), plain.body());
        assertFalse(plain.json().has("request_uri"));
    }

    @Test
    void section52211OneNetworkGetsAHundredRequestUrisInAnHour() {
        realm.userWithApp("ada");
        String[] action = {"kc_action", "UPDATE_PASSWORD"};
        for (int i = 0; i < 100; i++) {
            assertTrue(app.start(action).json().has("request_uri"));
        }
        AppAnswer next = app.start(action);
        assertEquals(403, next.status());
        assertEquals("redirect_to_web", next.error());
        assertFalse(next.json().has("request_uri"), next.body());
        // Look-ups have a budget of their own
        realm.browserFlow(TestFlows.USERNAME_FIRST);
        assertEquals("password", app.step(app.start(), "username", "ada").step());
    }

    @Test
    void section531EveryAnswerHasANewSessionThatSaysNothing() {
        realm.userWithApp("ada");
        AppAnswer start = app.start();
        AppAnswer next = app.step(start, "username", "ada", "password", FirstPartyRealm.PASSWORD);
        assertNotEquals(start.authSession(), next.authSession());
        assertEquals(43, next.authSession().length());
        assertEquals(32, Base64.getUrlDecoder().decode(next.authSession()).length);
        AppAnswer used = app.step(start, "username", "ada", "password", FirstPartyRealm.PASSWORD);
        assertEquals("invalid_session", used.error());
    }

    @Test
    void section6TheCodeIsRedeemedWithoutARedirectAndOnce() {
        realm.user("ada");
        AppAnswer done = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals(200, app.redeem(done).status());
        AppAnswer again = app.redeem(done);
        assertEquals(400, again.status());
        assertEquals("invalid_grant", again.error());
        AppAnswer other = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals(
                "invalid_grant",
                new FirstPartyApp(realm, "other-app").redeem(other).error());
    }

    @Test
    void section6TokensCanBeRefreshed() {
        realm.user("ada");
        AppAnswer tokens = app.redeem(app.signIn("ada", FirstPartyRealm.PASSWORD));
        AppAnswer refreshed = app.token(new HashMap<>(Map.of(
                "grant_type",
                "refresh_token",
                "client_id",
                FirstPartyRealm.APP,
                "refresh_token",
                tokens.text("refresh_token"))));
        assertEquals(200, refreshed.status(), refreshed.body());
    }

    @Test
    void section7AStepUpIsANewFlowWithAcrValues() {
        realm.browserFlow(TestFlows.STEP_UP);
        realm.change(settings -> settings.getAttributes().put("acr.loa.map", "{\"silver\":\"1\",\"gold\":\"2\"}"));
        realm.userWithApp("ada");
        AppAnswer silver = app.redeem(app.signIn("ada", FirstPartyRealm.PASSWORD));
        assertEquals("silver", silver.claims("id_token").path("acr").asText());
        AppAnswer otp = app.signIn("ada", FirstPartyRealm.PASSWORD, "acr_values", "gold");
        assertEquals("otp", otp.step(), otp.body());
        AppAnswer gold = app.redeem(app.step(otp, "otp", Totp.code()));
        assertEquals("gold", gold.claims("id_token").path("acr").asText());
    }

    @Test
    void section93TenFailuresEndTheSession() {
        realm.user("ada");
        AppAnswer last = app.start();
        for (int i = 0; i < 9; i++) {
            last = app.step(last, "username", "ada", "password", "wrong");
            assertTrue(last.failed(), last.body());
        }
        last = app.step(last, "username", "ada", "password", "wrong");
        assertEquals(400, last.status());
        assertEquals("invalid_session", last.error());
        assertEquals(10, realm.events("LOGIN_ERROR").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"username", "login_hint"})
    void section93UserNamesAreCountedWhereTheNextStepCanTellWhoHasAnAccount(String member) {
        realm.browserFlow(TestFlows.USERNAME_FIRST);
        AppAnswer start = app.start();
        for (int i = 0; i < 50; i++) {
            assertEquals("username", app.start(member, "user" + i).step());
            assertEquals(
                    "username",
                    app.start(member, "user" + i, "password", FirstPartyRealm.PASSWORD)
                            .step());
        }
        assertEquals(429, app.start(member, "ada", "password", "x").status());
        AppAnswer tooMany = app.step(start, "username", "ada", "password", "x");
        assertEquals(429, tooMany.status());
        assertEquals("temporarily_unavailable", tooMany.error());
        assertTrue(Integer.parseInt(tooMany.header("retry-after")) > 0);
        // Where the password is entered beside the name, the answer is the same for everybody
        realm.browserFlow("browser");
        assertEquals("insufficient_authorization", app.signIn("ada", "wrong").error());
    }

    @Test
    void section951TheCodeIsBoundToTheKeyOfTheProof() {
        realm.user("ada");
        DpopKey key = new DpopKey();
        FirstPartyApp bound = new FirstPartyApp(realm, FirstPartyRealm.APP, key);
        AppAnswer done = bound.signIn("ada", FirstPartyRealm.PASSWORD);
        assertTrue(done.isDone(), done.body());
        assertEquals(400, app.redeem(done).status());
        AppAnswer tokens = bound.redeem(bound.signIn("ada", FirstPartyRealm.PASSWORD));
        assertEquals("DPoP", tokens.text("token_type"), tokens.body());
        FirstPartyApp thief = new FirstPartyApp(realm, FirstPartyRealm.APP, new DpopKey());
        assertEquals(
                400, thief.redeem(bound.signIn("ada", FirstPartyRealm.PASSWORD)).status());
    }

    @Test
    void section951AWrongProofIsRefused() {
        AppAnswer answer = FirstPartyApp.send(HttpRequest.newBuilder(app.endpoint())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("DPoP", new DpopKey().proof("POST", URI.create("https://other.example/")))
                .POST(BodyPublishers.ofString("client_id=app&response_type=code"))
                .build());
        assertEquals(400, answer.status());
        assertEquals("invalid_dpop_proof", answer.error());
    }

    @Test
    void section98NoPageMayReadAnAnswer() {
        AppAnswer answer = FirstPartyApp.send(HttpRequest.newBuilder(app.endpoint())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", "https://app.example")
                .POST(BodyPublishers.ofString("client_id=app&response_type=code", StandardCharsets.UTF_8))
                .build());
        assertEquals("", answer.header("access-control-allow-origin"));
    }

    private AppAnswer post(String contentType, String body) {
        return FirstPartyApp.send(HttpRequest.newBuilder(app.endpoint())
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(body))
                .build());
    }
}
