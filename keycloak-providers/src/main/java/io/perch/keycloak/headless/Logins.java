package io.perch.keycloak.headless;

import java.util.Optional;
import java.util.Set;
import org.keycloak.events.Details;
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

    /**
     * The id of the flow that a browser would get: of a client policy, of the client, or of the realm. Empty where the client's own is
     * missing, which Keycloak would replace by the realm's.
     */
    Optional<String> browserFlow(AuthenticationSessionModel login) {
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
