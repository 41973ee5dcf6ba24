package io.perch.keycloak.authapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.UncheckedIOException;
import org.keycloak.util.JsonSerialization;

/** Responses with JSON in them. */
final class Answers {

    static final MediaType JSON = MediaType.APPLICATION_JSON_TYPE;
    static final MediaType PROBLEM = new MediaType("application", "problem+json");

    private Answers() {}

    static Response ok(Object body) {
        return json(200, JSON, body);
    }

    static Response created(Object body) {
        return json(201, JSON, body);
    }

    /** The work may be done later. The body is an empty object, because Keycloak requires a content type for every 202. */
    static Response accepted() {
        return Response.status(202).type(JSON).entity("{}").build();
    }

    static Response done() {
        return Response.noContent().build();
    }

    static Response of(Problem problem) {
        return json(problem.status(), PROBLEM, problem);
    }

    // Serialized here, because Keycloak's own writer supports only application/json
    private static Response json(int status, MediaType type, Object body) {
        try {
            return Response.status(status)
                    .type(type)
                    .entity(JsonSerialization.mapper.writeValueAsString(body))
                    .build();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
