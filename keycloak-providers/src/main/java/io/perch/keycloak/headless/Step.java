package io.perch.keycloak.headless;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step that works without a browser.
 *
 * @param type what the client is asked for
 * @param fields the members that the step can take
 * @param details what the client has to show beside them
 * @param form what the members are in Keycloak's form; empty where they are not complete
 * @param condition which of the members the page asks for
 */
record Step(String type, List<String> fields, Details details, Form form, Condition condition) {

    /** A step whose page always asks for all members. */
    Step(String type, List<String> fields, Details details, Form form) {
        this(type, fields, details, form, (context, field) -> true);
    }

    /** The members that this page asks for. */
    List<String> fields(StepContext context) {
        return fields.stream()
                .filter(field -> condition.asksFor(context, field))
                .toList();
    }

    /** What the client has to show. */
    interface Details {

        /** JSON members by their names. */
        Map<String, Object> of(StepContext context);
    }

    /** Whether a page asks for a member. */
    interface Condition {

        /** Whether it does. */
        boolean asksFor(StepContext context, String field);
    }

    /** How Keycloak's form wants it. */
    interface Form {

        /** The form's parameters; empty where the entry is not complete. */
        Optional<MultivaluedMap<String, String>> of(StepContext context, Entry entry);
    }
}
