package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.DpopKey;
import io.perch.keycloak.PackagedProviders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** First-party apps under the client policies of the realm {@code perch}, and its demo app. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // set before each test
class RealmFileIT extends FirstPartyInAServer {

    private static final String DEMO = "perch-app";

    private final DpopKey key = new DpopKey();
    private FirstPartyApp demo;

    @BeforeEach
    void takePoliciesAndDemoApp() {
        realm.takeFromRealmFile(DEMO);
        demo = new FirstPartyApp(realm, DEMO, key);
        realm.user("ada");
    }

    @Test
    void theDemoAppSignsInWithItsKey() {
        AppAnswer done = demo.signIn("ada", FirstPartyRealm.PASSWORD);
        assertTrue(done.isDone(), done.body());
        AppAnswer tokens = demo.redeem(done);
        assertEquals("DPoP", tokens.text("token_type"), tokens.body());
    }

    @Test
    void aRaisedMinimumIsEnforcedAtTheNextRefresh() {
        AppAnswer tokens = demo.redeem(demo.signIn("ada", FirstPartyRealm.PASSWORD));
        realm.change(settings -> settings.getAttributes().put("acr.loa.map", "{\"silver\":\"1\",\"gold\":\"2\"}"));
        realm.minimumAcr(DEMO, "gold");
        AppAnswer refused = demo.refresh(tokens);
        assertEquals(403, refused.status(), refused.body());
        assertEquals("insufficient_authorization", refused.error());
        // Without its key the token says nothing about the sign-in
        AppAnswer stolen = new FirstPartyApp(realm, DEMO, new DpopKey()).refresh(tokens);
        assertEquals(400, stolen.status(), stolen.body());
        assertEquals("invalid_grant", stolen.error());
        realm.minimumAcr(DEMO, "");
        assertEquals(200, demo.refresh(tokens).status());
    }

    @Test
    void withoutAKeyNoFirstPartyAppIsServed() {
        AppAnswer unbound = new FirstPartyApp(realm, DEMO).start();
        assertEquals(400, unbound.status());
        assertEquals("invalid_dpop_proof", unbound.error());
        // Another client, which does not demand a key by itself: here the policy does
        AppAnswer byPolicy = app.start();
        assertEquals(400, byPolicy.status(), byPolicy.body());
        assertFalse(byPolicy.json().has("auth_session"));
        assertTrue(new FirstPartyApp(realm, FirstPartyRealm.APP, key)
                .signIn("ada", FirstPartyRealm.PASSWORD)
                .isDone());
    }

    @Test
    void theDemoAppIsOffUnlessItIsSwitchedOn() {
        realm.changeClient(DEMO, client -> client.setEnabled(false));
        AppAnswer off = demo.start();
        assertEquals(401, off.status());
        assertEquals("invalid_client", off.error());
    }
}
