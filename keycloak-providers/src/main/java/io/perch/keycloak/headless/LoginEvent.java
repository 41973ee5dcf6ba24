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
