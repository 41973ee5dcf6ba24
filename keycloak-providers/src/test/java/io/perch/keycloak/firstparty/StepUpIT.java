package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.Totp;
import jakarta.ws.rs.BadRequestException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.representations.idm.EventRepresentation;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** Section 6.2 of the draft: a refresh whose sign-in is no longer sufficient. Each refresh token works once. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class StepUpIT extends FirstPartyInAServer {

    private static final int NO_LIMIT = 0;
    private static final int AN_HOUR = 3600;

    @BeforeEach
    void demandStepUp() {
        realm.browserFlow(TestFlows.STEP_UP);
        realm.change(settings -> {
            settings.getAttributes().put("acr.loa.map", "{\"silver\":\"1\",\"gold\":\"2\"}");
            settings.setRevokeRefreshToken(true);
            settings.setRefreshTokenMaxReuse(0);
        });
        realm.demandStepUp(NO_LIMIT);
        realm.userWithApp("ada");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openid", "openid offline_access"})
    void aRaisedMinimumRefusesTheRefreshAndKeepsTheToken(String scope) {
        AppAnswer tokens = app.redeem(app.signIn("ada", FirstPartyRealm.PASSWORD, "scope", scope));
        AppAnswer refreshed = app.refresh(tokens);
        assertEquals(200, refreshed.status(), refreshed.body());

        realm.minimumAcr(FirstPartyRealm.APP, "gold");
        for (int i = 0; i < 2; i++) {
            AppAnswer refused = app.refresh(refreshed);
            assertEquals(403, refused.status(), refused.body());
            assertEquals("insufficient_authorization", refused.error());
            assertEquals("The sign-in is below the client's minimum ACR value", refused.text("error_description"));
            assertFalse(refused.json().has("auth_session"));
            assertEquals("no-store", refused.header("Cache-Control"));
        }
        List<EventRepresentation> events = realm.events("REFRESH_TOKEN_ERROR");
        assertEquals(2, events.size());
        assertEquals("insufficient_authorization", events.get(0).getError());
        assertEquals(FirstPartyRealm.APP, events.get(0).getClientId());

        realm.minimumAcr(FirstPartyRealm.APP, "silver");
        AppAnswer again = app.refresh(refreshed);
        assertEquals(200, again.status(), again.body());
    }

    @Test
    void aStepUpGivesTokensThatRefresh() {
        AppAnswer silver = app.redeem(app.signIn("ada", FirstPartyRealm.PASSWORD));
        realm.minimumAcr(FirstPartyRealm.APP, "gold");
        assertEquals(403, app.refresh(silver).status());

        AppAnswer otp = app.signIn("ada", FirstPartyRealm.PASSWORD, "acr_values", "gold");
        assertEquals("otp", otp.step(), otp.body());
        AppAnswer gold = app.redeem(app.step(otp, "otp", Totp.code()));
        AppAnswer refreshed = app.refresh(gold);
        assertEquals(200, refreshed.status(), refreshed.body());
        assertEquals("gold", refreshed.claims("id_token").path("acr").asText());
        assertEquals(403, app.refresh(silver).status());
    }

    @Test
    void aMinimumThatNobodyKnowsRefusesTheRefresh() {
        AppAnswer tokens = app.redeem(app.signIn("ada", FirstPartyRealm.PASSWORD));
        realm.minimumAcr(FirstPartyRealm.APP, "silver");
        realm.change(settings -> settings.getAttributes().put("acr.loa.map", "{\"gold\":\"2\"}"));
        assertEquals("insufficient_authorization", app.refresh(tokens).error());
        realm.minimumAcr(FirstPartyRealm.APP, "1");
        assertEquals(200, app.refresh(tokens).status());
    }

    @Test
    void anOldSignInIsRefused() {
        AppAnswer tokens = app.redeem(app.signIn("ada", FirstPartyRealm.PASSWORD));
        long signedInAt = tokens.claims("id_token").path("auth_time").asLong();
        realm.demandStepUp(AN_HOUR);
        Deque<AppAnswer> accepted = new ArrayDeque<>(List.of(tokens));
        assertEquals(200, refreshLast(accepted).status());

        realm.demandStepUp(1);
        AppAnswer refused = Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> refreshLast(accepted), answer -> answer.status() != 200);
        assertEquals(403, refused.status(), refused.body());
        assertEquals("insufficient_authorization", refused.error());
        assertEquals("The sign-in is older than the client policy allows", refused.text("error_description"));

        AppAnswer fresh = app.redeem(app.signIn("ada", FirstPartyRealm.PASSWORD, "max_age", "1"));
        assertTrue(fresh.claims("id_token").path("auth_time").asLong() > signedInAt + 1, fresh.body());
        realm.demandStepUp(AN_HOUR);
        assertEquals(200, app.refresh(fresh).status());
        assertEquals(200, refreshLast(accepted).status());
    }

    private AppAnswer refreshLast(Deque<AppAnswer> accepted) {
        AppAnswer answer = app.refresh(accepted.getLast());
        if (answer.status() == 200) {
            accepted.add(answer);
        }
        return answer;
    }

    @Test
    void anotherClientIsNotRefusedByTheSamePolicy() {
        String other = "third-party";
        realm.changeClient(other, client -> client.setDirectAccessGrantsEnabled(true));
        FirstPartyApp otherApp = new FirstPartyApp(realm, other);
        AppAnswer tokens = otherApp.token(Map.of(
                "grant_type",
                "password",
                "client_id",
                other,
                "username",
                "ada",
                "password",
                FirstPartyRealm.PASSWORD,
                "totp",
                Totp.code()));
        assertEquals(200, tokens.status(), tokens.body());
        realm.minimumAcr(other, "gold");
        AppAnswer refreshed = otherApp.refresh(tokens);
        assertEquals(200, refreshed.status(), refreshed.body());

        realm.changeClient(other, client -> client.getAttributes().put(FirstPartyClient.ATTRIBUTE, "true"));
        assertEquals("insufficient_authorization", otherApp.refresh(refreshed).error());
    }

    @Test
    void aClientThatMayNoLongerUseTheEndpointIsRefusedToo() {
        AppAnswer tokens = app.redeem(app.signIn("ada", FirstPartyRealm.PASSWORD));
        realm.minimumAcr(FirstPartyRealm.APP, "gold");
        realm.giveRegistrationToken(FirstPartyRealm.APP);
        assertEquals("unauthorized_client", app.start().error());
        assertEquals("insufficient_authorization", app.refresh(tokens).error());
    }

    @Test
    void aCodeOfTheBrowserBelowTheMinimumGivesNoTokens() {
        realm.browserFlow(TestFlows.PASSWORD);
        realm.minimumAcr(FirstPartyRealm.APP, "gold");
        AppAnswer refused = app.redeemCode(BrowserSignIn.code(realm, "ada"), "redirect_uri", FirstPartyRealm.CALLBACK);
        assertEquals(400, refused.status(), refused.body());
        assertEquals("invalid_grant", refused.error());
        assertEquals("The sign-in is below the client's minimum ACR value", refused.text("error_description"));

        realm.minimumAcr(FirstPartyRealm.APP, "silver");
        AppAnswer tokens = app.redeemCode(BrowserSignIn.code(realm, "ada"), "redirect_uri", FirstPartyRealm.CALLBACK);
        assertEquals(200, tokens.status(), tokens.body());
    }

    @Test
    void aFlowWithoutLevelsReachesTheFirstLevelAtTheSignInAndAtTheRefresh() {
        realm.browserFlow(TestFlows.PASSWORD);
        realm.minimumAcr(FirstPartyRealm.APP, "silver");
        AppAnswer done = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertTrue(done.isDone(), done.body());
        AppAnswer tokens = app.redeem(done);
        assertEquals("silver", tokens.claims("id_token").path("acr").asText());
        assertEquals(200, app.refresh(tokens).status());
    }

    @Test
    void aUsedTokenStillEndsTheSession() {
        AppAnswer first = app.redeem(app.signIn("ada", FirstPartyRealm.PASSWORD));
        AppAnswer second = app.refresh(first);
        assertEquals(200, second.status(), second.body());
        realm.minimumAcr(FirstPartyRealm.APP, "gold");
        AppAnswer reused = app.refresh(first);
        assertEquals(400, reused.status(), reused.body());
        assertEquals("invalid_grant", reused.error());
        realm.minimumAcr(FirstPartyRealm.APP, "silver");
        assertEquals("invalid_grant", app.refresh(second).error());
    }

    @Test
    void ofManyRefreshesAtOnceOneGetsTokens() throws InterruptedException, ExecutionException {
        // So that the sign-in is read before Keycloak locks
        realm.minimumAcr(FirstPartyRealm.APP, "silver");
        for (int round = 0; round < 5; round++) {
            AppAnswer tokens = app.redeem(app.signIn("ada", FirstPartyRealm.PASSWORD));
            List<AppAnswer> answers = Parallel.call(8, () -> app.refresh(tokens));
            assertEquals(
                    1, answers.stream().filter(answer -> answer.status() == 200).count(), answers::toString);
        }
    }

    @Test
    void aNegativeAgeIsNotSaved() {
        assertThrows(BadRequestException.class, () -> realm.demandStepUp(-1));
    }
}
