package io.perch.keycloak.authapi;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.Locale;

/** The answers 401 of calls that require an access token, with the header {@code WWW-Authenticate}. */
final class Challenge {

    private Challenge() {}

    /** There is no token, or it is not valid for this API (RFC 6750, section 3). */
    static ProblemException unauthorized(Call call) {
        // Without a token there is no error code (RFC 6750, section 3.1)
        String error = authorization(call).isEmpty() ? "" : ", error=\"invalid_token\"";
        return challenge(call, ProblemType.UNAUTHORIZED, error);
    }

    /**
     * The token's sign-in is too old (RFC 9470).
     *
     * @param maxAge seconds
     */
    static ProblemException freshSignIn(Call call, int maxAge) {
        return challenge(
                call,
                ProblemType.INSUFFICIENT_USER_AUTHENTICATION,
                ", error=\"insufficient_user_authentication\", error_description=\""
                        + ProblemType.INSUFFICIENT_USER_AUTHENTICATION.title() + "\", max_age=\"" + maxAge + "\"");
    }

    private static ProblemException challenge(Call call, ProblemType type, String parameters) {
        // The scheme that the client uses (RFC 9449, section 7.1)
        String scheme = authorization(call).toLowerCase(Locale.ROOT).startsWith("dpop ") ? "DPoP" : "Bearer";
        return ProblemException.of(
                Problem.of(type),
                HttpHeaders.WWW_AUTHENTICATE,
                scheme + " realm=\"" + call.realm().getName() + "\"" + parameters);
    }

    private static String authorization(Call call) {
        String header = call.request().getHttpHeaders().getHeaderString(HttpHeaders.AUTHORIZATION);
        return header == null ? "" : header;
    }
}
