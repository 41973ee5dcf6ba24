package io.perch.keycloak.headless;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.keycloak.models.utils.FormMessage;

/**
 * What is wrong in the fields of a new account, a new password or a profile: the field, and the key of Keycloak's message with its parameters.
 * Only steps in which users choose the values themselves say so. A failed sign-in never does.
 */
final class FieldErrors {

    private static final String ERRORS = "errors";

    /** A key of the messages of a theme. Some storages put a text of their own in its place, which is for nobody outside. */
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    private FieldErrors() {}

    /**
     * The errors as a member of the challenge; empty where there are none.
     *
     * @param members the client's names of fields that Keycloak's form names otherwise; for {@link FormMessage#GLOBAL} the field that an error
     *     is about which names none
     */
    static Map<String, Object> details(StepContext context, Map<String, String> members) {
        List<Map<String, Object>> errors = context.errors().stream()
                .map(message -> error(message, members))
                .distinct()
                .toList();
        return errors.isEmpty() ? Map.of() : Map.of(ERRORS, errors);
    }

    private static Map<String, Object> error(FormMessage message, Map<String, String> members) {
        String field = Optional.ofNullable(message.getField()).orElse(FormMessage.GLOBAL);
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("field", members.getOrDefault(field, field));
        Optional.ofNullable(message.getMessage())
                .filter(key -> KEY.matcher(key).matches())
                .ifPresent(key -> {
                    error.put("message_key", key);
                    error.put("parameters", parameters(message));
                });
        return error;
    }

    private static List<Object> parameters(FormMessage message) {
        return message.getParameters() == null
                ? List.of()
                : Stream.of(message.getParameters())
                        .filter(parameter -> parameter instanceof Number || parameter instanceof String)
                        .toList();
    }
}
