package io.perch.localstack;

import java.util.HashMap;
import java.util.Map;

/**
 * The environment that the child processes get.
 *
 * @param variables this launcher's own
 */
record Environment(Map<String, String> variables) {

    /** The web pages' address, which sign-in returns to. */
    String frontendUrl() {
        return variables.getOrDefault("FRONTEND_URL", "http://localhost:3000");
    }

    /** A copy of the launcher's own, to add to. */
    Map<String, String> inherited() {
        return new HashMap<>(variables);
    }

    /** A copy without what would make Keycloak another one than the local stack means. */
    Map<String, String> forKeycloak() {
        var inherited = inherited();
        inherited
                .keySet()
                .removeIf(name -> name.startsWith("KC_")
                        || name.startsWith("KEYCLOAK_")
                        || name.startsWith("QUARKUS_")
                        || name.startsWith("JAVA_OPTS")
                        || name.startsWith("DEBUG"));
        return inherited;
    }
}
