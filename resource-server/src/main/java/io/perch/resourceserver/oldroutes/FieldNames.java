package io.perch.resourceserver.oldroutes;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Maps field names between the old services and the auth API. */
final class FieldNames {

    /** Names in the auth API to names in the old services. */
    private static final Map<String, String> OLD_NAMES =
            Map.of("user_id", "id", "email_verified", "is_verified", "phone_number", "phone", "enabled", "is_active");

    private FieldNames() {}

    /** Returns a map for fields whose names are unchanged. */
    static Map<String, String> unchanged(String... names) {
        return Stream.of(names).collect(Collectors.toUnmodifiableMap(name -> name, name -> name));
    }

    /** Returns these fields and one more. */
    static Map<String, String> plus(Map<String, String> fields, String oldName, String newName) {
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.put(oldName, newName);
        return Map.copyOf(all);
    }

    /**
     * Converts an old request's fields to the new names. Unknown, null and empty fields are left out: old clients send all
     * fields, including empty ones.
     */
    static ObjectNode toCall(JsonNode request, Map<String, String> fields) {
        ObjectNode call = JsonNodeFactory.instance.objectNode();
        request.propertyStream()
                .filter(field -> fields.containsKey(field.getKey()) && !isEmpty(field.getValue()))
                .forEach(field -> call.set(fields.getOrDefault(field.getKey(), field.getKey()), field.getValue()));
        return call;
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isNull() || (value.isString() && value.asString().isEmpty());
    }

    /** Converts a user or a registration to the old names. */
    static ObjectNode toOld(JsonNode answer) {
        ObjectNode old = JsonNodeFactory.instance.objectNode();
        answer.propertyStream()
                .forEach(field -> old.set(OLD_NAMES.getOrDefault(field.getKey(), field.getKey()), field.getValue()));
        return old;
    }

    /**
     * Converts a problem (RFC 9457). Clients of the old services show {@code detail}, so it is added if missing. Pointers name
     * the old fields, in this server's format.
     */
    static ObjectNode toOldProblem(JsonNode problem, Map<String, String> fields) {
        ObjectNode old = problem.deepCopy().asObject();
        if (!old.has("detail")) {
            old.set("detail", old.path("title"));
        }
        old.path("errors").valueStream().filter(JsonNode::isObject).forEach(error -> error.asObject()
                .put("pointer", oldPointer(error.path("pointer").asString(""), fields)));
        return old;
    }

    private static String oldPointer(String pointer, Map<String, String> fields) {
        if (pointer.startsWith("?")) {
            return "?" + oldName(pointer.substring(1), fields);
        }
        return pointer.startsWith("/") ? "#/" + oldName(pointer.substring(1), fields) : pointer;
    }

    private static String oldName(String name, Map<String, String> fields) {
        return fields.entrySet().stream()
                .filter(field -> field.getValue().equals(name) && !fields.containsKey(name))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(name);
    }
}
