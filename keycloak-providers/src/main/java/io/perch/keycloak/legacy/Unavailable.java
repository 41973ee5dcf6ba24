package io.perch.keycloak.legacy;

import jakarta.ws.rs.core.Response.Status;
import org.keycloak.authentication.AuthenticationFlowError;
import org.keycloak.authentication.AuthenticationFlowException;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.ErrorPage;
import org.keycloak.services.ErrorResponseException;

/**
 * Ends a request that needs the old database while that does not answer. Keycloak's {@code StorageUnavailableException}
 * is not for this: Keycloak goes on after it as if there were no such user.
 */
final class Unavailable {

    /** RFC 6749, 4.1.2.1. */
    private static final String ERROR = "temporarily_unavailable";

    private Unavailable() {}

    /** A page with status 503 where a browser signs in, else an OAuth error with the same status. */
    static RuntimeException in(KeycloakSession session) {
        KeycloakContext context = session.getContext();
        if (isPage(context)) {
            return new AuthenticationFlowException(
                    AuthenticationFlowError.GENERIC_AUTHENTICATION_ERROR,
                    ErrorPage.error(
                            session,
                            context.getAuthenticationSession(),
                            Status.SERVICE_UNAVAILABLE,
                            "legacyUsersUnavailable"));
        }
        return new ErrorResponseException(
                ERROR, "A database that is needed for this does not answer", Status.SERVICE_UNAVAILABLE);
    }

    // A flow for pages shows the response of such an exception only; everything else shows a web exception's
    private static boolean isPage(KeycloakContext context) {
        return context.getHttpRequest() != null && context.getUri().getPath().contains("/login-actions/");
    }
}
