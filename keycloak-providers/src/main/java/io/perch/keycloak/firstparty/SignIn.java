package io.perch.keycloak.firstparty;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.refresh.DefaultRefreshTokenProviderFactory;
import org.keycloak.representations.RefreshToken;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.util.TokenUtil;

/**
 * The sign-in behind a refresh token.
 *
 * @param userId the user's id; null where the token has no session and no subject
 * @param hasSession whether it has a session that can be refreshed
 * @param hasMinimumLevel whether it has the client's minimum ACR value; false without a session
 * @param time when the user signed in ({@code auth_time}), in seconds since the epoch; 0 without a session
 */
record SignIn(@Nullable String userId, boolean hasSession, boolean hasMinimumLevel, int time) {

    /**
     * Finds the sign-in, and changes nothing.
     *
     * @param refreshToken as the client sent it
     * @return empty where Keycloak refuses the token anyway: it is not valid, not bound to this request, or was used
     *     before; or its session has expired, or its user is gone
     */
    static Optional<SignIn> behind(KeycloakSession session, ClientModel client, String refreshToken) {
        TokenManager tokens = new TokenManager();
        RefreshToken token;
        try {
            token = tokens.verifyRefreshToken(
                    session,
                    session.getContext().getRealm(),
                    client,
                    session.getContext().getHttpRequest(),
                    refreshToken,
                    true);
        } catch (OAuthErrorException e) {
            return Optional.empty();
        }
        // Keycloak locks before it loads the session, so that a token is used once. In its own transaction the session
        // would stay loaded from before the lock, and two requests at once could both refresh
        return KeycloakModelUtils.runJobInTransactionWithResult(
                session.getKeycloakSessionFactory(),
                session.getContext(),
                inner -> of(inner, tokens, token),
                StepUpExecutorFactory.PROVIDER_ID);
    }

    /** The sign-in of a token that is valid and bound to this request. */
    static Optional<SignIn> of(KeycloakSession session, TokenManager tokens, RefreshToken token) {
        RealmModel realm = session.getContext().getRealm();
        ClientModel client = session.getContext().getClient();
        UserSessionModel userSession = TokenUtil.TOKEN_TYPE_OFFLINE.equals(token.getType())
                ? session.sessions().getOfflineUserSession(realm, token.getSessionId())
                : session.sessions().getUserSession(realm, token.getSessionId());
        if (AuthenticationManager.isSessionValid(realm, userSession)
                && TokenManager.isUserValid(session, realm, token, userSession.getUser())) {
            AuthenticatedClientSessionModel clientSession =
                    userSession.getAuthenticatedClientSessionByClient(client.getId());
            if (AuthenticationManager.isClientSessionValid(realm, client, userSession, clientSession)
                    && !isUsed(session, realm, tokens, token, clientSession)) {
                return Optional.of(new SignIn(
                        userSession.getUser().getId(), true, Levels.hasMinimum(clientSession), time(userSession)));
            }
        }
        return userSession != null && isOfDefaultProvider(token)
                ? Optional.empty()
                : Optional.of(new SignIn(token.getSubject(), false, false, 0));
    }

    // Keycloak's default provider refuses a token whose session is not valid, and ends that session. The provider for
    // verifiable credentials makes a new session, which has no level
    private static boolean isOfDefaultProvider(RefreshToken token) {
        return token.getProvider() == null
                || token.getProvider().equals(DefaultRefreshTokenProviderFactory.PROVIDER_ID);
    }

    private static boolean isUsed(
            KeycloakSession session,
            RealmModel realm,
            TokenManager tokens,
            RefreshToken token,
            AuthenticatedClientSessionModel clientSession) {
        if (!realm.isRevokeRefreshToken()) {
            return false;
        }
        try {
            tokens.validateTokenReuse(session, realm, token, clientSession, false);
            return false;
        } catch (OAuthErrorException e) {
            return true;
        }
    }

    private static int time(UserSessionModel userSession) {
        String authTime = userSession.getNote(AuthenticationManager.AUTH_TIME);
        // A session of the password grant has no such note
        return authTime == null ? userSession.getStarted() : Integer.parseInt(authTime);
    }
}
