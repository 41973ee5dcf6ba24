package io.perch.keycloak.headless;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step that works without a browser.
 *
 * @param type what the client is asked for
 * @param fields the members that the step takes
 * @param details what the client has to show beside them
 * @param form what the members are in Keycloak's form; empty where they are not complete
 */
record Step(String type, List<String> fields, Details details, Form form) {

    /** What the client has to show. */
    interface Details {

        /** JSON members by their names. */
        Map<String, Object> of(StepContext context);
    }

    /** How Keycloak's form wants it. */
    interface Form {

        /** The form's parameters; empty where the entry is not complete. */
        Optional<MultivaluedMap<String, String>> of(StepContext context, Entry entry);
    }
}
