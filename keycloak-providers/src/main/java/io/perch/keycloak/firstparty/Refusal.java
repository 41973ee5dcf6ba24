package io.perch.keycloak.firstparty;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuthErrorException;
import org.keycloak.representations.idm.OAuth2ErrorRepresentation;

/** Ends a request with an error response (RFC 6749, 5.2). It never leaves this package. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;

    private final int status;
    private final String error;
    private final @Nullable String description;
    private final transient Map<String, String> headers;

    private Refusal(int status, String error, @Nullable String description, Map<String, String> headers) {
        super(error, null, false, false);
        this.status = status;
        this.error = error;
        this.description = description;
        this.headers = headers;
    }

    /** With status 400. */
    static Refusal of(String error, @Nullable String description) {
        return of(BAD_REQUEST, error, description);
    }

    static Refusal of(int status, String error, @Nullable String description) {
        return new Refusal(status, error, description, Map.of());
    }

    static Refusal withHeader(int status, String error, String description, String header, String value) {
        return new Refusal(status, error, description, Map.of(header, value));
    }

    static Refusal invalidRequest(String description) {
        return of(OAuthErrorException.INVALID_REQUEST, description);
    }

    /** What one of Keycloak's own checks has answered. */
    static Refusal of(Response response) {
        int status = response.getStatus();
        String challenge = response.getHeaderString(HttpHeaders.WWW_AUTHENTICATE);
        Map<String, String> headers = challenge == null ? Map.of() : Map.of(HttpHeaders.WWW_AUTHENTICATE, challenge);
        if (status == UNAUTHORIZED) {
            // Keycloak calls a wrong secret unauthorized_client; RFC 6749, 5.2, says otherwise
            return new Refusal(status, OAuthErrorException.INVALID_CLIENT, description(response), headers);
        }
        return response.getEntity() instanceof OAuth2ErrorRepresentation representation
                ? new Refusal(status, representation.getError(), representation.getErrorDescription(), headers)
                : new Refusal(status, OAuthErrorException.INVALID_REQUEST, null, headers);
    }

    private static @Nullable String description(Response response) {
        return response.getEntity() instanceof OAuth2ErrorRepresentation representation
                ? representation.getErrorDescription()
                : null;
    }

    int status() {
        return status;
    }

    String error() {
        return error;
    }

    @Nullable
    String description() {
        return description;
    }

    Map<String, String> headers() {
        return headers;
    }
}
