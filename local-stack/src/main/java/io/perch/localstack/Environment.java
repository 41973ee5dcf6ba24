package io.perch.localstack;

import java.util.HashMap;
import java.util.Map;

/**
 * The environment variables of the child processes.
 *
 * @param variables the environment variables of this launcher, and those of {@code .env}
 */
record Environment(Map<String, String> variables) {

    /** The address of the web pages. Sign-in redirects to it. */
    String frontendUrl() {
        return variables.getOrDefault("FRONTEND_URL", "http://localhost:3000");
    }

    /** A modifiable copy of the launcher's variables. */
    Map<String, String> inherited() {
        return new HashMap<>(variables);
    }

    /** A copy without the variables that would change Keycloak's configuration. */
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
