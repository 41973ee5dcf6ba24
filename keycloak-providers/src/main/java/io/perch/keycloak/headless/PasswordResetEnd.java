package io.perch.keycloak.headless;

import io.perch.keycloak.session.UserSessions;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.sessions.AuthenticationSessionModel;

/** Ends a password reset: every session of the user ends, and nobody is signed in. */
final class PasswordResetEnd {

    private PasswordResetEnd() {}

    /** The end; or the refusal of an account that was disabled. */
    static FlowState finish(KeycloakSession session, EventBuilder event, AuthenticationSessionModel login) {
        UserModel user = login.getAuthenticatedUser();
        event.event(EventType.RESET_PASSWORD);
        if (!user.isEnabled()) {
            event.error(Errors.USER_DISABLED);
            return new FlowState.Denied(true);
        }
        new UserSessions(session, login.getRealm(), user).end(event, userSession -> true);
        // As Keycloak's pages do: the right code ends a temporary lockout
        AuthenticationManager.logSuccess(session, login);
        event.success();
        return new FlowState.PasswordChanged();
    }
}
