package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** Compares answers with the OpenAPI document of the jar. */
final class Contract {

    static final JsonNode DOCUMENT = document();

    private Contract() {}

    private static JsonNode document() {
        try (InputStream file = Objects.requireNonNull(Contract.class.getResourceAsStream("openapi.json"))) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails if the document does not have this answer, or not with these members. */
    static void check(String method, String path, Answer answer) {
        JsonNode operations = operations(path.replaceFirst("\\?.*", ""));
        JsonNode operation = operations.path(method.toLowerCase(Locale.ROOT));
        if (operation.isMissingNode()) {
            // An unknown path, or a method that the path does not have: the document's common answers
            operation = DOCUMENT.path("paths").path("/me").path("get");
        }
        JsonNode response = resolve(operation.path("responses").path(Integer.toString(answer.status())));
        assertFalse(response.isMissingNode(), () -> method + " " + path + " is not to answer " + answer);
        JsonNode content = response.path("content");
        if (content.isEmpty()) {
            assertEquals("", answer.body(), () -> method + " " + path);
        } else {
            String type = answer.header("content-type").replaceFirst(";.*", "");
            JsonNode schema = content.path(type).path("schema");
            assertFalse(schema.isMissingNode(), () -> method + " " + path + " is not to answer with " + type);
            check(resolve(schema), answer.json(), path);
        }
    }

    private static JsonNode operations(String path) {
        return StreamSupport.stream(
                        ((Iterable<String>) () -> DOCUMENT.path("paths").fieldNames()).spliterator(), false)
                .filter(template -> path.matches(template.replaceAll("\\{[^}]*}", "[^/]+")))
                .findFirst()
                .map(template -> DOCUMENT.path("paths").path(template))
                .orElse(DOCUMENT.path("none"));
    }

    private static JsonNode resolve(JsonNode node) {
        String reference = node.path("$ref").asText();
        return reference.isEmpty() ? node : DOCUMENT.at(reference.substring(1));
    }

    private static void check(JsonNode schema, JsonNode value, String where) {
        switch (schema.path("type").asText()) {
            case "object" -> {
                assertTrue(value.isObject(), where);
                schema.path("required").forEach(name -> assertTrue(value.has(name.asText()), where + " lacks " + name));
                if (schema.has("properties")) {
                    value.properties().forEach(member -> {
                        String there = where + "/" + member.getKey();
                        JsonNode property = schema.path("properties").path(member.getKey());
                        assertFalse(property.isMissingNode(), there + " is not in the document");
                        check(resolve(property), member.getValue(), there);
                    });
                }
            }
            case "array" -> {
                assertTrue(value.isArray(), where);
                value.forEach(item -> check(resolve(schema.path("items")), item, where));
            }
            case "integer" -> assertTrue(value.isInt(), where);
            case "boolean" -> assertTrue(value.isBoolean(), where);
            default -> assertTrue(value.isTextual(), where);
        }
    }
}
