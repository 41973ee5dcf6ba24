package io.perch.keycloak.firstparty;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.keycloak.OAuth2Constants;
import org.keycloak.common.Profile;
import org.keycloak.common.util.SecretGenerator;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.par.endpoints.ParEndpoint;

/**
 * A pushed authorization request (RFC 9126), with which the client can open a browser (draft, section 5.2.2.1.1).
 *
 * @param requestUri what the client sends in place of the parameters
 * @param expiresIn seconds for which it works
 */
record PushedRequest(String requestUri, int expiresIn) {

    /**
     * Keeps a request for the browser.
     *
     * @param parameters of the authorization request
     * @param budget counts a request that could be kept; false if it may not be
     * @return empty where the client has sent no {@code code_challenge}, where it is not known to which address the browser would come
     *     back, where the server takes no pushed requests, and where the budget is spent
     */
    static Optional<PushedRequest> of(KeycloakSession session, Map<String, String> parameters, BooleanSupplier budget) {
        if (!parameters.containsKey(OAuth2Constants.CODE_CHALLENGE)
                || !parameters.containsKey(OAuth2Constants.REDIRECT_URI)
                || !Profile.isFeatureEnabled(Profile.Feature.PAR)
                || !budget.getAsBoolean()) {
            return Optional.empty();
        }
        Map<String, String> pushed = new HashMap<>(parameters);
        pushed.put(ParEndpoint.PAR_CREATED_TIME, Long.toString(System.currentTimeMillis()));
        String key = SecretGenerator.getInstance().generateSecureID();
        int seconds = session.getContext().getRealm().getParPolicy().getRequestUriLifespan();
        session.singleUseObjects().put(ParEndpoint.CACHE_KEY_PREFIX + key, seconds, pushed);
        return Optional.of(new PushedRequest(ParEndpoint.REQUEST_URI_PREFIX + key, seconds));
    }
}
