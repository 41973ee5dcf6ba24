package io.perch.keycloak.firstparty;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
     * @return empty where the client has sent no {@code code_challenge}, where it is not known to which address the browser would come
     *     back, and where the server takes no pushed requests
     */
    static Optional<PushedRequest> of(KeycloakSession session, Map<String, String> parameters) {
        if (!parameters.containsKey(OAuth2Constants.CODE_CHALLENGE)
                || !parameters.containsKey(OAuth2Constants.REDIRECT_URI)
                || !Profile.isFeatureEnabled(Profile.Feature.PAR)) {
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
