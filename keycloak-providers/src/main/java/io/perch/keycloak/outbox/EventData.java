package io.perch.keycloak.outbox;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the members of a CloudEvent's data. A null value is left out. */
final class EventData {

    private final Map<String, Object> members = new LinkedHashMap<>();

    EventData with(String member, @Nullable Object value) {
        if (value != null) {
            members.put(member, value);
        }
        return this;
    }

    EventData withAll(Map<String, Object> others) {
        members.putAll(others);
        return this;
    }

    Map<String, Object> toMap() {
        return members;
    }
}
