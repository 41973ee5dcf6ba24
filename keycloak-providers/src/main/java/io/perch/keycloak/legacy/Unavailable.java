package io.perch.keycloak.legacy;

import jakarta.ws.rs.core.Response.Status;
import org.keycloak.authentication.AuthenticationFlowError;
import org.keycloak.authentication.AuthenticationFlowException;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.ErrorPage;
import org.keycloak.services.ErrorResponseException;

/**
 * Ends a request if it needs the old database and that does not answer. Keycloak's {@code StorageUnavailableException} is not used,
 * because after it Keycloak continues as if the user did not exist.
 */
final class Unavailable {

    /** The error code of RFC 6749, section 4.1.2.1. */
    private static final String ERROR = "temporarily_unavailable";

    private Unavailable() {}

    /** The exception that answers with status 503: a page if a browser signs in, else an OAuth error. */
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

    // A browser flow uses the response of an AuthenticationFlowException. All other code uses that of a
    // WebApplicationException
    private static boolean isPage(KeycloakContext context) {
        return context.getHttpRequest() != null && context.getUri().getPath().contains("/login-actions/");
    }
}
