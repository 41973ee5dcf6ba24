package io.perch.keycloak.outbox;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The differences between two states of a user. */
final class Changes {

    private static final String ATTRIBUTES = "attributes";

    private Changes() {}

    /** The differences as {@code {field: {from?, to?}}}. An attribute is {@code attributes.NAME}. */
    static Map<String, Object> between(Map<String, Object> old, Map<String, Object> now) {
        Map<String, Object> before = flat(old);
        Map<String, Object> after = flat(now);
        Set<String> names = new LinkedHashSet<>(after.keySet());
        names.addAll(before.keySet());
        Map<String, Object> changes = new LinkedHashMap<>();
        for (String name : names) {
            @Nullable Object from = before.get(name);
            @Nullable Object to = after.get(name);
            if (!Objects.equals(from, to)) {
                changes.put(
                        name, new EventData().with("from", from).with("to", to).toMap());
            }
        }
        return changes;
    }

    private static Map<String, Object> flat(Map<String, Object> state) {
        Map<String, Object> flat = new LinkedHashMap<>(state);
        if (flat.remove(ATTRIBUTES) instanceof Map<?, ?> attributes) {
            attributes.forEach((name, values) -> flat.put(ATTRIBUTES + "." + name, values));
        }
        return flat;
    }
}
