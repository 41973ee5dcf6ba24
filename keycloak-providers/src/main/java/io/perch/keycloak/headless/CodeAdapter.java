package io.perch.keycloak.headless;

import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.keycloak.OAuth2Constants;
import org.keycloak.authentication.AuthenticationProcessor;
import org.keycloak.common.util.Time;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Ends a sign-in with a user session and an authorization code, as Keycloak's pages do, but for the cookies and the redirect. The one class
 * that knows {@link OIDCLoginProtocol#authenticated}.
 */
final class CodeAdapter {

    private CodeAdapter() {}

    /** The code; or the refusal of an account that was disabled, or of a sign-in that does not have the level it must. */
    static FlowState finish(
            KeycloakSession session, EventBuilder event, AuthenticationSessionModel login, HttpRequest request) {
        RealmModel realm = session.getContext().getRealm();
        UserModel user = login.getAuthenticatedUser();
        if (!user.isEnabled()) {
            event.error(Errors.USER_DISABLED);
            return new FlowState.Denied(true);
        }
        if (!AcrAdapter.isSatisfied(session, login)) {
            event.detail(Details.REASON, "The flow does not reach the demanded level of authentication")
                    .error(Errors.NOT_ALLOWED);
            return new FlowState.Denied(true);
        }
        OIDCLoginProtocol protocol = protocol(session, event, request);
        protocol.authenticationComplete(login);
        AuthorizationRequest.takeFrom(login);
        ClientSessionContext context = AuthenticationProcessor.attachSession(
                login, null, session, realm, session.getContext().getConnection(), event);
        AuthenticatedClientSessionModel clientSession = context.getClientSession();
        UserSessionModel userSession = clientSession.getUserSession();
        event.event(EventType.LOGIN).session(userSession);
        userSession.setNote(AuthenticationManager.AUTH_TIME, Long.toString(Time.currentTimeSeconds()));
        AuthenticationManager.logSuccess(session, login);
        // Keycloak writes the code into a redirect. There is none here; the address only carries the code to the next
        // line
        login.setRedirectUri(login.getClientNote(OIDCLoginProtocol.ISSUER));
        String code = code(protocol.authenticated(login, userSession, context));
        event.success();
        return new FlowState.Finished(code);
    }

    private static OIDCLoginProtocol protocol(KeycloakSession session, EventBuilder event, HttpRequest request) {
        return new OIDCLoginProtocol(
                session,
                session.getContext().getRealm(),
                session.getContext().getUri(),
                request.getHttpHeaders(),
                event);
    }

    private static String code(Response redirect) {
        return Optional.ofNullable(redirect.getLocation())
                .map(URI::getRawQuery)
                .flatMap(query -> Stream.of(query.split("&", -1))
                        .filter(pair -> pair.startsWith(OAuth2Constants.CODE + "="))
                        .findFirst())
                .map(pair ->
                        URLDecoder.decode(pair.substring(OAuth2Constants.CODE.length() + 1), StandardCharsets.UTF_8))
                .orElseThrow(() -> new IllegalStateException("No code came of the sign-in"));
    }
}
