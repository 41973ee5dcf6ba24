package io.perch.keycloak.firstparty;

import io.perch.keycloak.headless.AcrAdapter;
import org.keycloak.authentication.authenticators.util.LoAUtil;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.Constants;
import org.keycloak.services.managers.AuthenticationManager;

/**
 * Levels of authentication after the sign-in: whether a session has the minimum ACR value of its client. During the sign-in, {@code
 * headless} checks it. The one class that knows Keycloak's {@link LoAUtil}.
 */
final class Levels {

    private Levels() {}

    /** Whether the sign-in has the minimum ACR value of its client, or the client has none. */
    static boolean hasMinimum(AuthenticatedClientSessionModel clientSession) {
        return AcrAdapter.hasMinimum(clientSession.getClient(), reached(clientSession));
    }

    /** The level that the tokens have as {@code acr}. */
    private static int reached(AuthenticatedClientSessionModel clientSession) {
        int level = LoAUtil.getCurrentLevelOfAuthentication(clientSession);
        if (level >= Constants.MINIMUM_LOA) {
            return level;
        }
        return AuthenticationManager.isSSOAuthentication(clientSession)
                ? Constants.MINIMUM_LOA
                : AcrAdapter.WITHOUT_CONDITIONS;
    }
}
