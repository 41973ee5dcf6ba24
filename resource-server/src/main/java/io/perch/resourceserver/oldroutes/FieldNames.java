package io.perch.resourceserver.oldroutes;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What fields are called here and there. */
final class FieldNames {

    /** The old services' names for the fields of the auth API. */
    private static final Map<String, String> OLD_NAMES =
            Map.of("user_id", "id", "email_verified", "is_verified", "phone_number", "phone", "enabled", "is_active");

    private FieldNames() {}

    /** Fields whose names have not changed. */
    static Map<String, String> same(String... names) {
        return Stream.of(names).collect(Collectors.toUnmodifiableMap(name -> name, name -> name));
    }

    /** These fields, and one more. */
    static Map<String, String> and(Map<String, String> fields, String oldName, String newName) {
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.put(oldName, newName);
        return Map.copyOf(all);
    }

    /**
     * An old request's fields under their new names, without those that are not taken, and without those that are null or
     * empty: old clients send every field that they know, also those that their user left open.
     */
    static ObjectNode toCall(JsonNode request, Map<String, String> takes) {
        ObjectNode call = JsonNodeFactory.instance.objectNode();
        request.propertyStream()
                .filter(field -> takes.containsKey(field.getKey()) && !isLeftOpen(field.getValue()))
                .forEach(field -> call.set(takes.getOrDefault(field.getKey(), field.getKey()), field.getValue()));
        return call;
    }

    private static boolean isLeftOpen(JsonNode value) {
        return value.isNull() || (value.isString() && value.asString().isEmpty());
    }

    /** A user, or a registration, under the old names. */
    static ObjectNode toOld(JsonNode answer) {
        ObjectNode old = JsonNodeFactory.instance.objectNode();
        answer.propertyStream()
                .forEach(field -> old.set(OLD_NAMES.getOrDefault(field.getKey(), field.getKey()), field.getValue()));
        return old;
    }

    /**
     * The problem (RFC 9457) with a text in {@code detail}, which clients of the old services show, and with pointers to the
     * old fields, written as everywhere in this server.
     */
    static ObjectNode toOldProblem(JsonNode problem, Map<String, String> takes) {
        ObjectNode old = problem.deepCopy().asObject();
        if (!old.has("detail")) {
            old.set("detail", old.path("title"));
        }
        old.path("errors").valueStream().filter(JsonNode::isObject).forEach(error -> error.asObject()
                .put("pointer", oldPointer(error.path("pointer").asString(""), takes)));
        return old;
    }

    private static String oldPointer(String pointer, Map<String, String> takes) {
        if (pointer.startsWith("?")) {
            return "?" + oldName(pointer.substring(1), takes);
        }
        return pointer.startsWith("/") ? "#/" + oldName(pointer.substring(1), takes) : pointer;
    }

    private static String oldName(String name, Map<String, String> takes) {
        return takes.entrySet().stream()
                .filter(field -> field.getValue().equals(name) && !takes.containsKey(name))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(name);
    }
}
