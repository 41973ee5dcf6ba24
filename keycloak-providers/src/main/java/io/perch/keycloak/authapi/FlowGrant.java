package io.perch.keycloak.authapi;

import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.keycloak.OAuth2Constants;
import org.keycloak.authentication.AuthenticationProcessor;
import org.keycloak.events.Details;
import org.keycloak.events.EventType;
import org.keycloak.models.AuthenticationFlowModel;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.UserModel;
import org.keycloak.protocol.oidc.OIDCAdvancedConfigWrapper;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.grants.OAuth2GrantTypeBase;
import org.keycloak.services.Urls;
import org.keycloak.services.clientpolicy.context.ResourceOwnerPasswordCredentialsResponseContext;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.managers.AuthenticationSessionManager;
import org.keycloak.services.util.DPoPUtil;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Runs a flow of the realm in the same way as the token endpoint runs the direct grant flow: Keycloak's {@code
 * ResourceOwnerPasswordCredentialsGrantType} with another flow. Only this class uses the internal classes for that.
 */
final class FlowGrant extends OAuth2GrantTypeBase {

    private final AuthenticationFlowModel flow;
    private final String method;

    private FlowGrant(AuthenticationFlowModel flow, String method) {
        this.flow = flow;
        this.method = method;
    }

    /**
     * Runs the flow. The response has an {@code AccessTokenResponse}, or is the refusal of one of the flow's steps.
     *
     * @param form the parameters for the flow's authenticators
     * @param method the authentication method, for the event
     * @param event the event that becomes LOGIN or LOGIN_ERROR
     * @throws ProblemException if the user has required actions
     * @throws org.keycloak.authentication.AuthenticationFlowException if the flow ends without a response
     */
    static Response run(
            Call call,
            ClientAuthentication client,
            MultivaluedMap<String, String> form,
            AuthenticationFlowModel flow,
            String method,
            ObservedEvent event) {
        event.event(EventType.LOGIN).client(client.client());
        form.putSingle(OAuth2Constants.GRANT_TYPE, OAuth2Constants.PASSWORD);
        return Endpoint.run(call, form, () -> {
            OIDCAdvancedConfigWrapper config = OIDCAdvancedConfigWrapper.fromClientModel(client.client());
            DPoPUtil.handleDPoPHeader(call.session(), event, call.origins().cors(), config);
            return new FlowGrant(flow, method)
                    .process(new Context(
                            call.session(),
                            config,
                            client.notes(),
                            form,
                            event,
                            call.origins().cors(),
                            new TokenManager()));
        });
    }

    @Override
    public Response process(Context context) {
        setContext(context);
        event.detail(Details.AUTH_METHOD, method);
        AuthenticationSessionModel login = authenticationSession(getRequestedScopes());
        AuthenticationProcessor processor = processor(login);
        Response refusal = processor.authenticateOnly();
        if (refusal != null) {
            remove(login);
            return refusal;
        }
        processor.evaluateRequiredActionTriggers();
        UserModel user = login.getAuthenticatedUser();
        List<String> actions = actions(login);
        if (!actions.isEmpty()) {
            remove(login);
            throw ProblemException.of(TokenRequest.problem(actions));
        }
        AuthenticationManager.setClientScopesInSession(session, login);
        ClientSessionContext clientSession = processor.attachSession();
        updateUserSessionFromClientAuth(processor.getUserSession());
        Response response = createTokenResponse(
                user,
                processor.getUserSession(),
                clientSession,
                clientSession.getScopeString(),
                false,
                tokens -> new ResourceOwnerPasswordCredentialsResponseContext(formParams, clientSession, tokens));
        AuthenticationManager.logSuccess(session, login);
        return response;
    }

    /**
     * The required actions that remain before the user is signed in, by Keycloak's aliases: those of the user and of the sign-in.
     */
    static List<String> actions(AuthenticationSessionModel login) {
        return Stream.concat(
                        login.getAuthenticatedUser().getRequiredActionsStream(), login.getRequiredActions().stream())
                .distinct()
                .sorted()
                .toList();
    }

    private AuthenticationSessionModel authenticationSession(String scope) {
        AuthenticationSessionModel login = new AuthenticationSessionManager(session)
                .createAuthenticationSession(realm, false)
                .createAuthenticationSession(client);
        login.setProtocol(OIDCLoginProtocol.LOGIN_PROTOCOL);
        login.setAction(AuthenticationSessionModel.Action.AUTHENTICATE.name());
        login.setClientNote(
                OIDCLoginProtocol.ISSUER,
                Urls.realmIssuer(session.getContext().getUri().getBaseUri(), realm.getName()));
        login.setClientNote(OIDCLoginProtocol.SCOPE_PARAM, scope);
        return login;
    }

    private AuthenticationProcessor processor(AuthenticationSessionModel login) {
        return new AuthenticationProcessor()
                .setAuthenticationSession(login)
                .setFlowId(flow.getId())
                .setFlowPath("token")
                .setConnection(clientConnection)
                .setEventBuilder(event)
                .setRealm(realm)
                .setSession(session)
                .setUriInfo(session.getContext().getUri())
                .setRequest(request);
    }

    private void remove(AuthenticationSessionModel login) {
        new AuthenticationSessionManager(session).removeAuthenticationSession(realm, login, false);
    }

    @Override
    public EventType getEventType() {
        return EventType.LOGIN;
    }

    @Override
    public Set<String> getTokenParameterNames() {
        return Set.of();
    }
}
