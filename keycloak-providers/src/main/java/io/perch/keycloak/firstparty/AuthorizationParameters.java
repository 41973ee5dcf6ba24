package io.perch.keycloak.firstparty;

import io.perch.keycloak.headless.AuthorizationRequest;
import io.perch.keycloak.headless.AuthorizationRequestException;
import io.perch.keycloak.headless.FlowOwner;
import io.perch.keycloak.headless.HeadlessFlow;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;

/**
 * The parameters of the authorization request in the first request of a flow (draft, sections 4.1 and 5.1). All that Keycloak knows are
 * taken, but for those that only a browser or a signed request can have.
 */
final class AuthorizationParameters {

    private static final Set<String> OF_CLIENT = Set.of(
            OAuth2Constants.CLIENT_SECRET, OAuth2Constants.CLIENT_ASSERTION, OAuth2Constants.CLIENT_ASSERTION_TYPE);

    private AuthorizationParameters() {}

    /**
     * Reads and checks them.
     *
     * @throws Refusal where one is not as the endpoint wants it
     * @throws AuthorizationRequestException where Keycloak's own checks or a client policy refuse one
     */
    static AuthorizationRequest parse(KeycloakSession session, EventBuilder event, FlowOwner owner, ChallengeForm form)
            throws AuthorizationRequestException {
        checkRequestObjects(form);
        checkResponseType(form);
        checkChallenge(owner, form);
        return AuthorizationRequest.parse(session, event, owner, parameters(session, owner, form));
    }

    private static Map<String, String> parameters(KeycloakSession session, FlowOwner owner, ChallengeForm form) {
        Map<String, String> parameters = new LinkedHashMap<>(form.parameters());
        parameters.keySet().removeAll(OF_CLIENT);
        parameters.keySet().removeAll(HeadlessFlow.members(session));
        parameters.remove(ChallengeEndpoint.AUTH_SESSION);
        // Says how a browser is sent back
        parameters.remove(OIDCLoginProtocol.RESPONSE_MODE_PARAM);
        parameters.put(OAuth2Constants.CLIENT_ID, owner.client().getClientId());
        onlyRedirect(owner.client())
                .ifPresent(redirect -> parameters.putIfAbsent(OAuth2Constants.REDIRECT_URI, redirect));
        return parameters;
    }

    // Client policies look at it, and a browser that has to take over comes back there. The code is not bound to it
    private static Optional<String> onlyRedirect(ClientModel client) {
        Set<String> redirects = client.getRedirectUris();
        return redirects.stream()
                .filter(redirect -> redirects.size() == 1 && redirect.contains(":") && !redirect.contains("*"))
                .findFirst();
    }

    private static void checkRequestObjects(ChallengeForm form) {
        if (form.get(OIDCLoginProtocol.REQUEST_PARAM).isPresent()) {
            throw Refusal.of(OAuthErrorException.REQUEST_NOT_SUPPORTED, "Send the parameters themselves");
        }
        if (form.get(OIDCLoginProtocol.REQUEST_URI_PARAM).isPresent()) {
            throw Refusal.of(OAuthErrorException.REQUEST_URI_NOT_SUPPORTED, "Send the parameters themselves");
        }
    }

    private static void checkResponseType(ChallengeForm form) {
        String type = form.get(OAuth2Constants.RESPONSE_TYPE)
                .orElseThrow(() -> Refusal.invalidRequest("response_type is missing"));
        if (!type.equals(OAuth2Constants.CODE)) {
            throw Refusal.of(OAuthErrorException.UNSUPPORTED_RESPONSE_TYPE, "response_type must be code");
        }
    }

    // Without PKCE, a stolen code of a public client can be redeemed (RFC 7636, section 1)
    private static void checkChallenge(FlowOwner owner, ChallengeForm form) {
        boolean given = form.get(OAuth2Constants.CODE_CHALLENGE).isPresent();
        if (!given && owner.client().isPublicClient()) {
            throw Refusal.invalidRequest("code_challenge is missing");
        }
        if (given
                && !form.get(OAuth2Constants.CODE_CHALLENGE_METHOD)
                        .filter(OAuth2Constants.PKCE_METHOD_S256::equals)
                        .isPresent()) {
            throw Refusal.invalidRequest("code_challenge_method must be S256");
        }
    }
}
