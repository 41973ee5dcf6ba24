package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.remote.timeoffset.InjectTimeOffSet;
import org.keycloak.testframework.remote.timeoffset.TimeOffSet;

/** Calls that require a sign-in within the last ten minutes (RFC 9470). */
@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // set before each test
class FreshSignInIT extends AuthApiInAServer {

    private static final String NEW_ADDRESS = "{\"email\":\"new@perch.example\"}";

    @InjectTimeOffSet
    TimeOffSet time;

    @AfterEach
    void backToNow() {
        time.set(0);
    }

    @Test
    void anOldSignInIsChallengedWithTheAllowedAge() {
        realm.allowDeletion(realm.user("alice"));
        Answer old = api.login("alice", AuthApiRealm.PASSWORD);
        time.set(601);
        String[] refreshed = AuthApi.bearer(api.refresh(old.text("refresh_token")));
        for (Answer challenged : new Answer[] {api.put("/me", NEW_ADDRESS, refreshed), api.delete("/me", refreshed)}) {
            assertEquals(401, challenged.status());
            assertEquals("insufficient_user_authentication", challenged.error());
            String challenge = challenged.header("www-authenticate");
            assertTrue(challenge.startsWith("Bearer realm="), challenge);
            assertTrue(challenge.contains("error=\"insufficient_user_authentication\""), challenge);
            assertTrue(challenge.endsWith("max_age=\"600\""), challenge);
        }
        assertEquals("alice@perch.example", api.get("/me", refreshed).text("email"));
    }

    @Test
    void otherChangesNeedNoFreshSignIn() {
        realm.user("alice");
        Answer old = api.login("alice", AuthApiRealm.PASSWORD);
        time.set(601);
        String[] refreshed = AuthApi.bearer(api.refresh(old.text("refresh_token")));
        assertEquals(
                200, api.put("/me", "{\"first_name\":\"Alice\"}", refreshed).status());
        assertEquals(
                200,
                api.put("/me", "{\"email\":\"ALICE@perch.example\"}", refreshed).status());
    }

    @Test
    void anAddressThatOnlyLooksTheSameNeedsAFreshSignIn() {
        realm.changeUser(realm.user("alice"), user -> user.setEmail("alice@in.example"));
        Answer old = api.login("alice", AuthApiRealm.PASSWORD);
        time.set(601);
        String[] refreshed = AuthApi.bearer(api.refresh(old.text("refresh_token")));
        // With a dotless i, which is i for equalsIgnoreCase but another domain for the mail server
        for (String lookAlike : List.of("alice@\u0131n.example", "al\u0131ce@in.example")) {
            Answer challenged = api.put("/me", "{\"email\":\"%s\"}".formatted(lookAlike), refreshed);
            assertEquals("insufficient_user_authentication", challenged.error());
        }
        assertEquals("alice@in.example", api.get("/me", refreshed).text("email"));
    }

    @Test
    void aFreshSignInIsEnough() {
        realm.allowDeletion(realm.user("alice"));
        api.login("alice", AuthApiRealm.PASSWORD);
        time.set(1200);
        String[] fresh = AuthApi.bearer(api.login("alice", AuthApiRealm.PASSWORD));
        assertEquals(200, api.put("/me", NEW_ADDRESS, fresh).status());
        assertEquals(204, api.delete("/me", fresh).status());
    }

    @Test
    void aBrowsersSessionIsFreshOnceItsUserHasSignedInAgain() {
        realm.user("alice");
        CodeFlow browser = new CodeFlow(realm);
        Answer first = browser.signIn("alice");
        time.set(601);
        Answer refreshed = api.refresh(first.text("refresh_token"));
        assertEquals(
                "insufficient_user_authentication",
                api.put("/me", NEW_ADDRESS, AuthApi.bearer(refreshed)).error());
        Answer again = browser.signInAgain(600);
        assertEquals(CodeFlow.sessionOf(first), CodeFlow.sessionOf(again));
        assertEquals(200, api.put("/me", NEW_ADDRESS, AuthApi.bearer(again)).status());
    }

    @Test
    void aRequestWithoutATokenGetsNoErrorCode() {
        Answer nobody = api.get("/me");
        assertEquals(401, nobody.status());
        assertTrue(nobody.header("www-authenticate").startsWith("Bearer realm="));
        assertTrue(!nobody.header("www-authenticate").contains("error="));
        Answer wrong = api.get("/me", "Authorization", "Bearer nonsense");
        assertTrue(wrong.header("www-authenticate").endsWith(", error=\"invalid_token\""));
        Answer bound = api.get("/me", "Authorization", "DPoP nonsense");
        assertTrue(bound.header("www-authenticate").startsWith("DPoP realm="));
    }
}
