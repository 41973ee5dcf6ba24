package io.perch.keycloak.headless;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a client has sent for a step.
 *
 * @param members by their names; an empty value counts as missing (RFC 6749, 3.1)
 */
record Entry(Map<String, String> members) {

    Entry {
        members = Map.copyOf(members);
    }

    /** The same entry without all other members. */
    Entry only(Collection<String> names) {
        Map<String, String> left = new HashMap<>(members);
        left.keySet().retainAll(names);
        return new Entry(left);
    }

    Optional<String> get(String member) {
        return Optional.ofNullable(members.get(member)).filter(value -> !value.isEmpty());
    }

    boolean isTrue(String member) {
        return get(member).filter("true"::equals).isPresent();
    }
}
