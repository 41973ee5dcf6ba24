package io.perch.keycloak.headless;

import java.util.Optional;
import java.util.Set;
import org.keycloak.events.Details;
import org.keycloak.models.AuthenticationExecutionModel;
import org.keycloak.models.AuthenticationFlowModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.AuthenticationFlowResolver;
import org.keycloak.services.managers.AuthenticationSessionManager;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.sessions.RootAuthenticationSessionModel;

/** Keycloak's authentication sessions, each with a root of its own and without a cookie: no other sign-in can join it. */
final class Logins {

    private static final String BROWSER = "browser";

    /** Keycloak's authenticator that mails a link. */
    private static final String RESET_BY_LINK = "reset-credential-email";

    /** Notes that say what was asked for, and not how far the sign-in has come: the kind of request, and what a client policy chose. */
    private static final Set<String> OF_REQUEST = Set.of(
            Details.AUTH_TYPE,
            Constants.REQUESTED_AUTHENTICATION_FLOW,
            Constants.AUTHENTICATION_FLOW_LEVEL_OF_AUTHENTICATION);

    private final KeycloakSession session;

    Logins(KeycloakSession session) {
        this.session = session;
    }

    AuthenticationSessionModel create(ClientModel client) {
        AuthenticationSessionModel login = new AuthenticationSessionManager(session)
                .createAuthenticationSession(realm(), false)
                .createAuthenticationSession(client);
        session.getContext().setAuthenticationSession(login);
        return login;
    }

    /** The same request in a new session; the old one is removed. */
    AuthenticationSessionModel again(AuthenticationSessionModel old) {
        AuthenticationSessionModel login = create(old.getClient());
        login.setProtocol(old.getProtocol());
        login.setRedirectUri(old.getRedirectUri());
        login.setAction(AuthenticationSessionModel.Action.AUTHENTICATE.name());
        old.getClientNotes().forEach(login::setClientNote);
        OF_REQUEST.forEach(
                note -> Optional.ofNullable(old.getAuthNote(note)).ifPresent(value -> login.setAuthNote(note, value)));
        remove(old);
        session.getContext().setAuthenticationSession(login);
        return login;
    }

    Optional<AuthenticationSessionModel> find(FlowHandle handle, ClientModel client) {
        RootAuthenticationSessionModel root =
                session.authenticationSessions().getRootAuthenticationSession(realm(), handle.root());
        Optional<AuthenticationSessionModel> login =
                Optional.ofNullable(root).map(found -> found.getAuthenticationSession(client, handle.tab()));
        login.ifPresent(session.getContext()::setAuthenticationSession);
        return login;
    }

    void remove(AuthenticationSessionModel login) {
        session.authenticationSessions().removeRootAuthenticationSession(realm(), login.getParentSession());
    }

    /** Whether the realm has this kind of flow switched on. */
    boolean isOn(FlowKind kind) {
        return switch (kind) {
            case SIGN_IN -> true;
            case REGISTRATION -> realm().isRegistrationAllowed();
            case PASSWORD_RESET -> realm().isResetPasswordAllowed();
        };
    }

    /** The id of the flow that a browser would get; empty where it is switched off, or only a browser can run it. */
    Optional<String> flow(FlowKind kind, AuthenticationSessionModel login) {
        return switch (kind) {
            case SIGN_IN -> browserFlow(login);
            case REGISTRATION ->
                isOn(kind)
                        ? Optional.ofNullable(realm().getRegistrationFlow())
                                .map(AuthenticationFlowModel::getId)
                                .filter(flow -> RegistrationForm.isKnown(realm(), flow))
                        : Optional.empty();
            case PASSWORD_RESET ->
                isOn(kind)
                        ? Optional.ofNullable(realm().getResetCredentialsFlow())
                                .map(AuthenticationFlowModel::getId)
                                .filter(flow -> !sendsLink(flow))
                        : Optional.empty();
        };
    }

    // The mail would be sent before the flow says that it goes on in a browser
    private boolean sendsLink(String flow) {
        return realm().getAuthenticationExecutionsStream(flow)
                .filter(AuthenticationExecutionModel::isEnabled)
                .anyMatch(execution -> RESET_BY_LINK.equals(execution.getAuthenticator())
                        || (execution.isAuthenticatorFlow() && sendsLink(execution.getFlowId())));
    }

    /**
     * The id of the flow that a browser would get to sign in: of a client policy, of the client, or of the realm. Empty where the client's own is
     * missing, which Keycloak would replace by the realm's.
     */
    private Optional<String> browserFlow(AuthenticationSessionModel login) {
        String override = login.getClient().getAuthenticationFlowBindingOverride(BROWSER);
        if (override != null && !override.isEmpty() && realm().getAuthenticationFlowById(override) == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(AuthenticationFlowResolver.resolveBrowserFlow(login))
                .map(AuthenticationFlowModel::getId);
    }

    private RealmModel realm() {
        return session.getContext().getRealm();
    }
}
