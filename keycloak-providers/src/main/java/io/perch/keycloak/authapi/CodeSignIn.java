package io.perch.keycloak.authapi;

import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.keycloak.OAuth2Constants;
import org.keycloak.authentication.AuthenticationProcessor;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.UserModel;
import org.keycloak.protocol.oidc.OIDCAdvancedConfigWrapper;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.grants.OAuth2GrantTypeBase;
import org.keycloak.representations.AccessTokenResponse;
import org.keycloak.services.Urls;
import org.keycloak.services.clientpolicy.context.ResourceOwnerPasswordCredentialsResponseContext;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.managers.AuthenticationSessionManager;
import org.keycloak.services.util.DPoPUtil;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Signs a user in who has just proved to read their mailbox: Keycloak's way to sessions and tokens, with the code in the
 * place of the password.
 */
final class CodeSignIn extends OAuth2GrantTypeBase {

    private final UserModel user;

    private CodeSignIn(UserModel user) {
        this.user = user;
    }

    /**
     * Tokens for the user.
     *
     * @throws ProblemException where required actions remain, or a policy refuses
     */
    static TokenAnswer signIn(Call call, ClientAuthentication client, UserModel user) {
        EventBuilder event = new EventBuilder(
                        call.realm(),
                        call.session(),
                        call.session().getContext().getConnection())
                .event(EventType.LOGIN)
                .client(client.client());
        MultivaluedMap<String, String> form = client.form();
        form.putSingle("grant_type", OAuth2Constants.PASSWORD);
        Response response = Endpoint.run(call, form, () -> {
            OIDCAdvancedConfigWrapper config = OIDCAdvancedConfigWrapper.fromClientModel(client.client());
            DPoPUtil.handleDPoPHeader(call.session(), event, call.origins().cors(), config);
            return new CodeSignIn(user)
                    .process(new Context(
                            call.session(),
                            config,
                            client.notes(),
                            form,
                            event,
                            call.origins().cors(),
                            new TokenManager()));
        });
        if (response.getEntity() instanceof AccessTokenResponse tokens) {
            return TokenAnswer.of(tokens);
        }
        throw Endpoint.refused(response);
    }

    @Override
    public Response process(Context context) {
        setContext(context);
        AuthenticationSessionModel authSession = authenticationSession();
        AuthenticationProcessor processor = processor(authSession);
        event.detail(Details.AUTH_METHOD, "email-code");
        processor.evaluateRequiredActionTriggers();
        List<String> actions = Stream.concat(user.getRequiredActionsStream(), authSession.getRequiredActions().stream())
                .distinct()
                .sorted()
                .toList();
        if (!actions.isEmpty()) {
            new AuthenticationSessionManager(session).removeAuthenticationSession(realm, authSession, false);
            throw ProblemException.of(TokenRequest.problem(actions));
        }
        AuthenticationManager.setClientScopesInSession(session, authSession);
        ClientSessionContext clientSession = processor.attachSession();
        updateUserSessionFromClientAuth(processor.getUserSession());
        Response response = createTokenResponse(
                user,
                processor.getUserSession(),
                clientSession,
                clientSession.getScopeString(),
                false,
                tokens -> new ResourceOwnerPasswordCredentialsResponseContext(formParams, clientSession, tokens));
        AuthenticationManager.logSuccess(session, authSession);
        return response;
    }

    private AuthenticationSessionModel authenticationSession() {
        AuthenticationSessionModel authSession = new AuthenticationSessionManager(session)
                .createAuthenticationSession(realm, false)
                .createAuthenticationSession(client);
        authSession.setProtocol(OIDCLoginProtocol.LOGIN_PROTOCOL);
        authSession.setAction(AuthenticationSessionModel.Action.AUTHENTICATE.name());
        authSession.setClientNote(
                OIDCLoginProtocol.ISSUER,
                Urls.realmIssuer(session.getContext().getUri().getBaseUri(), realm.getName()));
        authSession.setAuthenticatedUser(user);
        return authSession;
    }

    private AuthenticationProcessor processor(AuthenticationSessionModel authSession) {
        return new AuthenticationProcessor()
                .setAuthenticationSession(authSession)
                .setConnection(clientConnection)
                .setEventBuilder(event)
                .setRealm(realm)
                .setSession(session)
                .setUriInfo(session.getContext().getUri())
                .setRequest(request);
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
