package io.perch.keycloak.firstparty;

import java.util.Map;
import org.keycloak.authentication.authenticators.util.LoAUtil;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.protocol.oidc.utils.AcrUtils;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.utils.StringUtil;

/**
 * Levels of authentication after the sign-in: whether a session has the minimum ACR value of its client. A realm has
 * no minimum of its own. During the sign-in, {@code headless} checks it. The one class here that knows Keycloak's
 * {@link AcrUtils} and {@link LoAUtil}.
 */
final class Levels {

    private Levels() {}

    /** Whether the client has a minimum ACR value. */
    static boolean hasMinimum(ClientModel client) {
        return !StringUtil.isBlank(AcrUtils.getMinimumAcrValue(client));
    }

    /**
     * Whether the sign-in has the minimum ACR value of its client, or the client has none. No sign-in has a value
     * that is unknown.
     */
    static boolean hasMinimum(AuthenticatedClientSessionModel clientSession) {
        ClientModel client = clientSession.getClient();
        return !hasMinimum(client)
                || reached(clientSession) >= level(AcrUtils.getMinimumAcrValue(client), AcrUtils.getAcrLoaMap(client));
    }

    /** The level that the tokens have as {@code acr}. */
    private static int reached(AuthenticatedClientSessionModel clientSession) {
        int level = LoAUtil.getCurrentLevelOfAuthentication(clientSession);
        if (level >= Constants.MINIMUM_LOA) {
            return level;
        }
        // The flow had no condition for a level
        return AuthenticationManager.isSSOAuthentication(clientSession) ? 0 : 1;
    }

    private static int level(String acr, Map<String, Integer> levels) {
        Integer level = levels.get(acr);
        if (level != null) {
            return level;
        }
        try {
            return Integer.parseInt(acr);
        } catch (NumberFormatException e) {
            return Integer.MAX_VALUE;
        }
    }
}
