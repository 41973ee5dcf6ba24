package io.perch.keycloak.headless;

import org.keycloak.authentication.authenticators.browser.AbstractUsernameFormAuthenticator;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.UserModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/** The event LOGIN, or LOGIN_ERROR, with the details that it has for a sign-in on Keycloak's pages. */
final class LoginEvent {

    private LoginEvent() {}

    /**
     * The event of the authenticators of a flow. That of a sign-in is the request's own, which ends as LOGIN with what the authenticators have
     * written into it. A new account and a new password have events of their own before.
     */
    static EventBuilder ofFlow(FlowKind kind, EventBuilder event, AuthenticationSessionModel login) {
        return switch (kind) {
            case SIGN_IN -> describe(event, login);
            case REGISTRATION -> describe(event.clone(), login).event(EventType.REGISTER);
            case PASSWORD_RESET -> describe(event.clone(), login).event(EventType.RESET_PASSWORD);
        };
    }

    /** Writes what is known of a sign-in into the event of the request, and returns the event. */
    static EventBuilder describe(EventBuilder event, AuthenticationSessionModel login) {
        event.event(EventType.LOGIN)
                .client(login.getClient())
                .detail(Details.CODE_ID, login.getParentSession().getId())
                .detail(Details.AUTH_METHOD, login.getProtocol())
                .detail(Details.RESPONSE_TYPE, "code");
        UserModel user = login.getAuthenticatedUser();
        if (user != null) {
            event.user(user).detail(Details.USERNAME, user.getUsername());
        }
        String attempted = login.getAuthNote(AbstractUsernameFormAuthenticator.ATTEMPTED_USERNAME);
        if (attempted != null) {
            event.detail(Details.USERNAME, attempted);
        }
        return event;
    }
}
