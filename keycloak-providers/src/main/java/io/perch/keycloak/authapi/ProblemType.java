package io.perch.keycloak.authapi;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The types of problems, each with a stable URI, the member {@code error} and its usual status. */
enum ProblemType {
    INVALID_REQUEST(400, "The request is not as it must be"),
    INVALID_CODE(400, "The code is wrong or no longer valid"),
    INVALID_GRANT(400, "The refresh token is not valid"),
    UNAUTHORIZED_CLIENT(400, "The client may not sign users in by password"),
    INVALID_CLIENT(401, "The client is unknown or did not prove who it is"),
    INVALID_CREDENTIALS(401, "User name or password is wrong, or the account is locked"),
    UNAUTHORIZED(401, "A valid access token is needed"),
    INSUFFICIENT_USER_AUTHENTICATION(401, "A fresh sign-in is needed"),
    OTP_REQUIRED(403, "The second factor is missing"),
    EMAIL_NOT_VERIFIED(403, "The e-mail address is not verified"),
    ACTION_REQUIRED(403, "The account asks for something that only its owner can do in a browser"),
    FORBIDDEN(403, "Not allowed"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    NOT_ACCEPTABLE(406, "Only JSON can be given"),
    ALREADY_TAKEN(409, "Taken by another account"),
    CONTENT_TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "Only JSON is understood"),
    TOO_MANY_REQUESTS(429, "Too many requests"),
    INTERNAL_ERROR(500, "Something went wrong here"),
    TEMPORARILY_UNAVAILABLE(503, "Something that is needed here does not answer");

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** The member {@code error}: a code in the form of OAuth 2.0. */
    String error() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The member {@code type} (RFC 9457, section 3.1.1). */
    String uri() {
        return "urn:perch:problem:" + error().replace('_', '-');
    }

    /** The type for an error code of OAuth 2.0; empty if there is none. */
    static Optional<ProblemType> ofError(String error) {
        return Arrays.stream(values())
                .filter(type -> type.error().equals(error))
                .findFirst();
    }
}
