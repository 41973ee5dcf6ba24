package io.perch.keycloak.firstparty;

import io.perch.keycloak.headless.HeadlessFlow;
import io.perch.keycloak.request.FormRequest;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.EventBuilder;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCAdvancedConfigWrapper;
import org.keycloak.protocol.oidc.utils.AuthorizeClientUtil;
import org.keycloak.representations.dpop.DPoP;
import org.keycloak.services.cors.Cors;
import org.keycloak.services.util.DPoPUtil;

/**
 * Who sends a request: a first-party client, authenticated as at the token endpoint (draft, section 4.1), and its key.
 *
 * @param client the client
 * @param thumbprint of the key of the request's DPoP proof (RFC 9449, section 6.1); null where it has none
 */
record FirstPartyRequest(ClientModel client, @Nullable String thumbprint) {

    /**
     * Authenticates the client and checks its proof.
     *
     * @throws Refusal where one of them is not as it must be
     */
    static FirstPartyRequest authenticate(
            KeycloakSession session, EventBuilder event, ChallengeForm form, Optional<String> authSession) {
        MultivaluedMap<String, String> parameters = new MultivaluedHashMap<>(form.parameters());
        Optional<ClientModel> owner = authSession.flatMap(value -> HeadlessFlow.clientOf(session, value));
        if (!namesClient(session, form)) {
            // A public client needs no client_id beside auth_session (draft, section 5.1)
            owner.ifPresent(client -> parameters.putSingle(OAuth2Constants.CLIENT_ID, client.getClientId()));
        }
        Cors cors = session.getProvider(Cors.class);
        ClientModel client = run(session, parameters, () -> AuthorizeClientUtil.authorizeClient(session, event, cors)
                .getClient());
        if (client.isBearerOnly()) {
            throw Refusal.of(401, OAuthErrorException.INVALID_CLIENT, "The client is bearer-only");
        }
        event.client(client);
        session.getContext().setClient(client);
        FirstPartyClient.check(client);
        if (form.get(OAuth2Constants.CLIENT_ID)
                .filter(id -> !id.equals(client.getClientId()))
                .isPresent()) {
            throw Refusal.invalidRequest("client_id is another client's");
        }
        return new FirstPartyRequest(client, thumbprint(session, event, cors, client));
    }

    private static @Nullable String thumbprint(
            KeycloakSession session, EventBuilder event, Cors cors, ClientModel client) {
        try {
            DPoPUtil.handleDPoPHeader(session, event, cors, OIDCAdvancedConfigWrapper.fromClientModel(client));
        } catch (WebApplicationException e) {
            // Keycloak says invalid_request; RFC 9449, 5, says otherwise
            throw Refusal.of("invalid_dpop_proof", Refusal.of(e.getResponse()).description());
        }
        DPoP proof = session.getAttribute(DPoPUtil.DPOP_SESSION_ATTRIBUTE, DPoP.class);
        return proof == null ? null : proof.getThumbprint();
    }

    private static boolean namesClient(KeycloakSession session, ChallengeForm form) {
        String header =
                session.getContext().getHttpRequest().getHttpHeaders().getHeaderString(HttpHeaders.AUTHORIZATION);
        return form.get(OAuth2Constants.CLIENT_ID).isPresent()
                || form.get(OAuth2Constants.CLIENT_ASSERTION).isPresent()
                || (header != null && header.toLowerCase(Locale.ROOT).startsWith("basic "));
    }

    private static <T> T run(KeycloakSession session, MultivaluedMap<String, String> form, Supplier<T> check) {
        KeycloakContext context = session.getContext();
        HttpRequest request = context.getHttpRequest();
        context.setHttpRequest(FormRequest.of(request, form));
        try {
            return check.get();
        } catch (ForbiddenException e) {
            throw Refusal.of(OAuthErrorException.UNAUTHORIZED_CLIENT, "The client has no such web origin");
        } catch (WebApplicationException e) {
            throw Refusal.of(e.getResponse());
        } finally {
            context.setHttpRequest(request);
        }
    }
}
