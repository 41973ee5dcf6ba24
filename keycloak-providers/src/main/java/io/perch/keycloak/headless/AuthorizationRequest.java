package io.perch.keycloak.headless;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.locale.LocaleSelectorProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.endpoints.AuthorizationEndpoint;
import org.keycloak.protocol.oidc.endpoints.AuthorizationEndpointChecker;
import org.keycloak.protocol.oidc.endpoints.AuthorizationEndpointChecker.AuthorizationCheckException;
import org.keycloak.protocol.oidc.endpoints.request.AuthorizationEndpointRequest;
import org.keycloak.protocol.oidc.endpoints.request.AuthorizationEndpointRequestParserProcessor;
import org.keycloak.protocol.oidc.endpoints.request.AuthorizationEndpointRequestParserProcessor.EndpointType;
import org.keycloak.services.Urls;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.context.AuthorizationRequestContext;
import org.keycloak.services.clientpolicy.context.PreAuthorizationRequestContext;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.util.JsonSerialization;

/**
 * What a client asks for: the parameters of an authorization request (RFC 6749, 4.1.1; OpenID Connect Core, 3.1.2.1), checked as Keycloak's
 * authorization endpoint checks them, by the same classes and the same client policies. The one class that knows them.
 */
public final class AuthorizationRequest {

    /** The note with the parameters, for the browser that may have to start again. */
    private static final String PARAMETERS = "perch-headless-request";

    private static final TypeReference<Map<String, String>> MAP = new TypeReference<>() {};

    private final KeycloakSession session;
    private final EventBuilder event;
    private final Map<String, String> parameters;
    private final MultivaluedMap<String, String> form;
    private final AuthorizationEndpointRequest request;
    private final AuthorizationEndpointChecker checker;

    private AuthorizationRequest(
            KeycloakSession session,
            EventBuilder event,
            ClientModel client,
            Map<String, String> parameters,
            AuthorizationEndpointRequest request) {
        this.session = session;
        this.event = event;
        this.parameters = parameters;
        this.form = new MultivaluedHashMap<>(parameters);
        this.request = request;
        this.checker = new AuthorizationEndpointChecker()
                .event(event)
                .client(client)
                .realm(session.getContext().getRealm())
                .request(request)
                .session(session)
                .params(form);
    }

    /**
     * Checks a request.
     *
     * @param event becomes an error where the request is refused
     * @param owner whose request it is; the code will be bound to its key
     * @param parameters by their names
     * @throws AuthorizationRequestException where it is refused
     */
    public static AuthorizationRequest parse(
            KeycloakSession session, EventBuilder event, FlowOwner owner, Map<String, String> parameters)
            throws AuthorizationRequestException {
        Map<String, String> known = new HashMap<>(parameters);
        MultivaluedMap<String, String> form = new MultivaluedHashMap<>(known);
        trigger(
                session,
                event,
                new PreAuthorizationRequestContext(owner.client().getClientId(), form));
        AuthorizationEndpointRequest request;
        try {
            request = AuthorizationEndpointRequestParserProcessor.parseRequest(
                    event, session, owner.client(), form, EndpointType.OIDC_AUTH_ENDPOINT);
        } catch (WebApplicationException e) {
            throw new AuthorizationRequestException(
                    OAuthErrorException.INVALID_REQUEST, "The authorization request is not as it must be");
        }
        AuthorizationRequest parsed = new AuthorizationRequest(session, event, owner.client(), known, request);
        parsed.check();
        parsed.bindTo(owner.thumbprint());
        return parsed;
    }

    // What Keycloak's endpoint checks, but for the demand for a pushed request: this one came straight from the client
    private void check() throws AuthorizationRequestException {
        checkRedirect();
        try {
            checker.checkResponseType();
            checker.checkInvalidRequestMessage();
            checker.checkAuthorizationDetails();
            checker.checkOIDCRequest();
            checker.checkValidScope();
            checker.checkValidResource();
            checker.checkOIDCParams();
            checker.checkPKCEParams();
            checker.checkParDPoPParams();
            checker.checkProviderAddOns();
        } catch (AuthorizationCheckException e) {
            throw new AuthorizationRequestException(e.getError(), e.getErrorDescription());
        }
    }

    // Its error is the key of a page's message
    private void checkRedirect() throws AuthorizationRequestException {
        if (request.getRedirectUri() == null) {
            return;
        }
        try {
            checker.checkRedirectUri();
        } catch (AuthorizationCheckException e) {
            throw new AuthorizationRequestException(
                    OAuthErrorException.INVALID_REQUEST, "redirect_uri is none of the client's");
        }
    }

    private void bindTo(@Nullable String thumbprint) {
        if (thumbprint != null) {
            request.setDpopJkt(thumbprint);
            parameters.put(OIDCLoginProtocol.DPOP_JKT, thumbprint);
        }
    }

    /** Whether the client asks for something that only pages do: an action or an identity provider that it names. */
    boolean needsBrowser() {
        return request.getAction() != null || request.getIdpHint() != null;
    }

    /** The parameters by their names. */
    Map<String, String> parameters() {
        return parameters;
    }

    /** The entry for a first step: the user's name may be the request's {@code login_hint}. */
    Entry firstEntry(Map<String, String> members) {
        Map<String, String> entry = new HashMap<>(members);
        Optional.ofNullable(request.getLoginHint()).ifPresent(hint -> entry.putIfAbsent(Steps.USERNAME, hint));
        return new Entry(entry);
    }

    /**
     * Writes the request into a new sign-in, as Keycloak's endpoint does.
     *
     * @throws AuthorizationRequestException where a client policy refuses it, or it demands a level of authentication that there is not
     */
    void applyTo(AuthenticationSessionModel login) throws AuthorizationRequestException {
        RealmModel realm = session.getContext().getRealm();
        trigger(
                session,
                event,
                new AuthorizationRequestContext(
                        checker.getParsedResponseType(), request, checker.getRedirectUri(), form, login));
        login.setProtocol(OIDCLoginProtocol.LOGIN_PROTOCOL);
        login.setAction(AuthenticationSessionModel.Action.AUTHENTICATE.name());
        login.setAuthNote(Details.AUTH_TYPE, AuthorizationEndpoint.CODE_AUTH_TYPE);
        note(login, OIDCLoginProtocol.RESPONSE_TYPE_PARAM, request.getResponseType());
        note(
                login,
                OIDCLoginProtocol.ISSUER,
                Urls.realmIssuer(session.getContext().getUri().getBaseUri(), realm.getName()));
        // No redirect_uri: the code is redeemed without one (draft-ietf-oauth-first-party-apps-04, section 6)
        AuthorizationEndpoint.performActionOnParameters(request, (name, value) -> note(login, name, value));
        note(login, OIDCLoginProtocol.MAX_AGE_PARAM, Objects.toString(request.getMaxAge(), null));
        note(login, LocaleSelectorProvider.CLIENT_REQUEST_LOCALE, request.getUiLocales());
        request.getAdditionalReqParams()
                .forEach((name, value) -> note(
                        login, AuthorizationEndpoint.LOGIN_SESSION_NOTE_ADDITIONAL_REQ_PARAMS_PREFIX + name, value));
        note(
                login,
                OAuth2Constants.AUTHORIZATION_DETAILS,
                request.getAdditionalReqParams().get(OAuth2Constants.AUTHORIZATION_DETAILS));
        AcrAdapter.request(login, request.getClaims(), request.getAcr());
        note(login, PARAMETERS, write(parameters));
    }

    private static void note(AuthenticationSessionModel login, String name, @Nullable String value) {
        if (value != null) {
            login.setClientNote(name, value);
        }
    }

    private static void trigger(KeycloakSession session, EventBuilder event, ClientPolicyContext context)
            throws AuthorizationRequestException {
        try {
            session.clientPolicy().triggerOnEvent(context);
        } catch (ClientPolicyException e) {
            event.detail(Details.REASON, Details.CLIENT_POLICY_ERROR)
                    .detail(Details.CLIENT_POLICY_ERROR, e.getError())
                    .detail(Details.CLIENT_POLICY_ERROR_DETAIL, e.getErrorDetail())
                    .error(e.getError());
            throw new AuthorizationRequestException(e.getError(), e.getErrorDetail());
        }
    }

    /** Takes the parameters out of a sign-in, where nobody needs them any more; empty where there are none. */
    static Map<String, String> takeFrom(AuthenticationSessionModel login) {
        String json = login.getClientNote(PARAMETERS);
        if (json == null) {
            return Map.of();
        }
        login.removeClientNote(PARAMETERS);
        try {
            return JsonSerialization.readValue(json, MAP);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String write(Map<String, String> parameters) {
        try {
            return JsonSerialization.mapper.writeValueAsString(parameters);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
