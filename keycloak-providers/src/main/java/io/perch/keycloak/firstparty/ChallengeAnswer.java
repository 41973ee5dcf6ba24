package io.perch.keycloak.firstparty;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keycloak.util.JsonSerialization;

/** The endpoint's answers (draft, section 5.2). The resource sets {@code Cache-Control}. */
final class ChallengeAnswer {

    /** The error of section 5.2.2.1 and of a token request (section 6.2). */
    static final String INSUFFICIENT_AUTHORIZATION = "insufficient_authorization";

    private static final int OK = 200;
    private static final int FORBIDDEN = 403;

    private ChallengeAnswer() {}

    /** Section 5.2.1. */
    static Response code(String code) {
        return json(OK, Map.of("authorization_code", code));
    }

    /** The end of a password reset, which gives no code. */
    static Response passwordChanged() {
        return json(OK, Map.of("password_changed", true));
    }

    /** Section 5.2.2. */
    static Response error(int status, String error, @Nullable String description) {
        return json(status, body(error, description));
    }

    /** Section 5.2.2.1, with members of our own. */
    static Response forbidden(String error, @Nullable String description, Map<String, Object> members) {
        Map<String, Object> body = body(error, description);
        body.putAll(members);
        return json(FORBIDDEN, body);
    }

    private static Map<String, Object> body(String error, @Nullable String description) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", error);
        if (description != null) {
            body.put("error_description", description);
        }
        return body;
    }

    private static Response json(int status, Object body) {
        try {
            return Response.status(status)
                    .type(MediaType.APPLICATION_JSON_TYPE)
                    .entity(JsonSerialization.mapper.writeValueAsString(body))
                    .build();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
