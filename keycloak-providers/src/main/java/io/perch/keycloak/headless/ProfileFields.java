package io.perch.keycloak.headless;

import com.fasterxml.jackson.core.type.TypeReference;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.FormMessage;
import org.keycloak.userprofile.Attributes;
import org.keycloak.userprofile.UserProfileContext;
import org.keycloak.userprofile.UserProfileProvider;
import org.keycloak.util.JsonSerialization;

/**
 * The user's profile, where something in it is missing. What a client leaves out stays as it is: Keycloak's page sends all fields, and takes
 * one that is not there for one that was emptied.
 */
final class ProfileFields {

    /** The member with the new values: a JSON object of texts, or arrays of texts, by the names of Keycloak's user profile. */
    static final String PROFILE = "profile";

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private ProfileFields() {}

    static Map<String, Object> details(StepContext context) {
        Map<String, Object> details = new HashMap<>(FieldErrors.details(context, Map.of(FormMessage.GLOBAL, PROFILE)));
        details.put(PROFILE, describe(attributes(context)));
        return details;
    }

    /** The fields that the user may fill in. */
    static List<?> describe(Attributes attributes) {
        return attributes.getWritable().entrySet().stream()
                .map(field -> new Field(
                        field.getKey(),
                        attributes.isRequired(field.getKey()),
                        field.getValue().stream()
                                .filter(value -> !value.isEmpty())
                                .toList()))
                .toList();
    }

    /**
     * A field that the user may change.
     *
     * @param name of Keycloak's user profile
     * @param required whether it must have a value
     * @param values what it has
     */
    private record Field(String name, boolean required, List<String> values) {}

    static Optional<MultivaluedMap<String, String>> form(StepContext context, Entry entry) {
        return form(attributes(context), entry);
    }

    /** The form with these attributes, but for those that the client gives; empty where it gives one that is none of them. */
    static Optional<MultivaluedMap<String, String>> form(Attributes attributes, Entry entry) {
        Optional<Map<String, Object>> given = entry.get(PROFILE).flatMap(ProfileFields::parse);
        Map<String, List<String>> writable = attributes.getWritable();
        if (given.isEmpty() || !writable.keySet().containsAll(given.get().keySet())) {
            return Optional.empty();
        }
        MultivaluedMap<String, String> form = new MultivaluedHashMap<>();
        writable.forEach((name, values) -> form.put(name, new ArrayList<>(values)));
        for (Map.Entry<String, Object> field : given.get().entrySet()) {
            Optional<List<String>> values = values(field.getValue());
            if (values.isEmpty()) {
                return Optional.empty();
            }
            form.put(field.getKey(), values.get());
        }
        return Optional.of(form);
    }

    private static Optional<List<String>> values(Object value) {
        List<?> values = value instanceof List<?> list ? list : Collections.singletonList(value);
        return values.stream().allMatch(ProfileFields::isText)
                ? Optional.of(values.stream().map(String.class::cast).toList())
                : Optional.empty();
    }

    // Some databases cannot store NUL, and none half a surrogate pair. A field may have several lines
    private static boolean isText(@Nullable Object value) {
        return value instanceof String text
                && StandardCharsets.UTF_8.newEncoder().canEncode(text)
                && text.chars().noneMatch(character -> Character.isISOControl(character) && !isWhitespace(character));
    }

    private static boolean isWhitespace(int character) {
        return character == '\n' || character == '\r' || character == '\t';
    }

    private static Optional<Map<String, Object>> parse(String json) {
        try {
            return Optional.ofNullable(JsonSerialization.readValue(json, OBJECT));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Attributes attributes(StepContext context) {
        UserModel user = context.login().getAuthenticatedUser();
        return context.session()
                .getProvider(UserProfileProvider.class)
                .create(UserProfileContext.UPDATE_PROFILE, user)
                .getAttributes();
    }
}
