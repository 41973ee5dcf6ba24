package io.perch.keycloak.authapi;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.Locale;

/** The 401 of calls that want a bearer token, with what the client is to do about it. */
final class Challenge {

    private Challenge() {}

    /** No token, or one that is not good for this API (RFC 6750, 3). */
    static ProblemException unauthorized(Call call) {
        // Who sent nothing made no error (RFC 6750, 3.1)
        String error = authorization(call).isEmpty() ? "" : ", error=\"invalid_token\"";
        return challenge(call, ProblemType.UNAUTHORIZED, error);
    }

    /**
     * A token of a sign-in that is too long ago (RFC 9470).
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
        // In the scheme that the client uses (RFC 9449, 7.1)
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
