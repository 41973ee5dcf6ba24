package io.perch.keycloak.authapi;

import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** {@code /openapi.json}: the public OpenAPI description. */
final class OpenApi {

    private static final String DOCUMENT = document();

    private OpenApi() {}

    static Response get(Call call) {
        return Response.ok(DOCUMENT, Answers.JSON).build();
    }

    private static String document() {
        try (InputStream file = Objects.requireNonNull(OpenApi.class.getResourceAsStream("openapi.json"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
