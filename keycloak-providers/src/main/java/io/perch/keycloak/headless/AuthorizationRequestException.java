package io.perch.keycloak.headless;

import org.jspecify.annotations.Nullable;

/** An authorization request that Keycloak or a client policy refuses. */
public final class AuthorizationRequestException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String error;
    private final @Nullable String description;

    AuthorizationRequestException(String error, @Nullable String description) {
        super(error, null, false, false);
        this.error = error;
        this.description = description;
    }

    /** The error code (RFC 6749, 4.1.2.1). */
    public String error() {
        return error;
    }

    /** For the client's developer; null where the code says it all. */
    public @Nullable String description() {
        return description;
    }
}
