package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.keycloak.common.Profile;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ParConfig;
import org.keycloak.models.RealmModel;
import org.keycloak.models.SingleUseObjectProvider;

class PushedRequestTest {

    private static final Map<String, String> PARAMETERS =
            Map.of("code_challenge", FirstPartyApp.CHALLENGE, "redirect_uri", "https://app.example/callback");

    private final RealmModel realm = Stub.of(
            RealmModel.class,
            Map.of("getParPolicy", ParConfig.fromModel(Stub.of(RealmModel.class, Map.of("getAttribute", 60)))));
    private final KeycloakSession session = Stub.of(
            KeycloakSession.class,
            Map.of(
                    "getContext",
                    Stub.of(KeycloakContext.class, Map.of("getRealm", realm)),
                    "singleUseObjects",
                    Stub.of(SingleUseObjectProvider.class, Map.of())));

    @BeforeAll
    static void switchDefaultFeaturesOn() {
        Profile.defaults();
    }

    @Test
    void aRequestIsKeptUntilTheBudgetIsSpent() {
        assertTrue(PushedRequest.of(session, PARAMETERS, () -> true).isPresent());
        assertEquals(Optional.empty(), PushedRequest.of(session, PARAMETERS, () -> false));
    }

    @Test
    void aRequestThatCannotBeKeptIsNotCounted() {
        assertEquals(Optional.empty(), PushedRequest.of(session, Map.of(), () -> fail("It is counted")));
    }
}
