package io.perch.keycloak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The published JSON Schema of the answers of the authorization challenge endpoint. */
public final class ChallengeAnswerSchema {

    private static final Path FILE = Path.of("../docs/reference/first-party-steps.schema.json");
    private static final ObjectNode DOCUMENT = read();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Schema ANY = REGISTRY.getSchema(DOCUMENT);
    private static final Map<Integer, Schema> BY_STATUS =
            Map.of(200, definition("status200"), 403, definition("status403"));
    private static final Schema OTHER_STATUS = definition("otherStatus");

    private ChallengeAnswerSchema() {}

    /** Fails where an answer is not as the schema says, as a whole and for its status. */
    public static void check(int status, String body) {
        List<Error> errors = errors(status, body);
        if (!errors.isEmpty()) {
            throw new AssertionError(status + " " + body + " is not as the schema says: " + errors);
        }
    }

    /** What is wrong in an answer; empty where nothing is. */
    static List<Error> errors(int status, String body) {
        List<Error> errors = ANY.validate(body, InputFormat.JSON);
        return errors.isEmpty()
                ? BY_STATUS.getOrDefault(status, OTHER_STATUS).validate(body, InputFormat.JSON)
                : errors;
    }

    /** What is wrong in the schema itself; empty where nothing is. */
    static List<Error> errorsOfTheSchema() {
        return REGISTRY.getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()))
                .validate(DOCUMENT);
    }

    /** The members that each built-in type of step can take. */
    public static Map<String, Set<String>> fieldsByType() {
        Map<String, Set<String>> types = new TreeMap<>();
        for (JsonNode reference : DOCUMENT.at("/$defs/challenge/oneOf")) {
            JsonNode step =
                    DOCUMENT.at(reference.path("$ref").asText().substring(1)).path("properties");
            JsonNode fields = step.path("fields");
            if (!step.path("type").has("const")) {
                // Steps of other extensions
                continue;
            }
            types.put(
                    step.path("type").path("const").asText(),
                    texts(fields.has("const") ? fields.path("const") : fields.at("/items/enum")));
        }
        return types;
    }

    /** The built-in types that can take the place of another step. */
    public static Set<String> alternatives() {
        return texts(DOCUMENT.at("/$defs/alternatives/items/anyOf/0/enum"));
    }

    /** The types that no step of another extension can have. */
    static Set<String> notOfOthers() {
        return texts(DOCUMENT.at("/$defs/otherType/not/enum"));
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new TreeSet<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static Schema definition(String name) {
        ObjectNode schema = DOCUMENT.deepCopy();
        schema.remove("oneOf");
        schema.put("$ref", "#/$defs/" + name);
        return REGISTRY.getSchema(schema);
    }

    private static ObjectNode read() {
        try {
            return (ObjectNode) new ObjectMapper().readTree(FILE.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
