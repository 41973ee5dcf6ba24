package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.common.Profile;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.UserSessionProvider;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.representations.AccessToken;
import org.keycloak.representations.RefreshToken;
import org.keycloak.util.TokenUtil;

/** Tokens whose session is gone. Only other providers of refresh tokens than Keycloak's default one accept them. */
class SignInTest {

    private static final SignIn WITHOUT_SESSION = new SignIn("ada", false, false, 0);

    @BeforeAll
    static void switchDefaultFeaturesOn() {
        Profile.defaults();
    }

    @ParameterizedTest
    @ValueSource(strings = {TokenUtil.TOKEN_TYPE_REFRESH, TokenUtil.TOKEN_TYPE_OFFLINE})
    void aTokenWithoutASessionIsNotLeftToKeycloak(String type) {
        RefreshToken token = token("default");
        token.type(type);

        assertEquals(Optional.of(WITHOUT_SESSION), signIn(token, null));
    }

    @Test
    void anExpiredSessionIsLeftToKeycloakIfItsDefaultProviderMadeTheToken() {
        assertEquals(Optional.empty(), signIn(token("default"), Stub.of(UserSessionModel.class, Map.of())));
        assertEquals(Optional.of(WITHOUT_SESSION), signIn(token("oid4vci"), Stub.of(UserSessionModel.class, Map.of())));
    }

    private static RefreshToken token(String provider) {
        AccessToken access = new AccessToken();
        access.subject("ada");
        access.setSessionId("session");
        return new RefreshToken(access, null, provider);
    }

    private static Optional<SignIn> signIn(RefreshToken token, @Nullable UserSessionModel userSession) {
        UserSessionProvider sessions = userSession == null
                ? Stub.of(UserSessionProvider.class, Map.of())
                : Stub.of(UserSessionProvider.class, Map.of("getUserSession", userSession));
        KeycloakContext context = Stub.of(
                KeycloakContext.class,
                Map.of(
                        "getRealm",
                        Stub.of(RealmModel.class, Map.of()),
                        "getClient",
                        Stub.of(ClientModel.class, Map.of())));
        KeycloakSession session = Stub.of(KeycloakSession.class, Map.of("getContext", context, "sessions", sessions));
        return SignIn.of(session, new TokenManager(), token);
    }
}
