package io.perch.keycloak.authapi;

import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A call: what it is called by, and what answers it.
 *
 * @param method GET, POST, PUT or DELETE
 * @param path below {@code /v1}, with {@code {name}} for a segment of any text
 */
record Route(String method, String path, Handler handler) {

    /** Answers a call, by a response or by {@link ProblemException}. */
    @FunctionalInterface
    interface Handler {
        Response answer(Call call);
    }

    boolean hasBody() {
        return method.equals("POST") || method.equals("PUT");
    }

    /** The variables of a path that is this route's; empty where it is not. */
    Optional<Map<String, String>> match(String other) {
        String[] wanted = path.split("/", -1);
        String[] given = other.split("/", -1);
        if (wanted.length != given.length) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].startsWith("{")) {
                variables.put(wanted[i].substring(1, wanted[i].length() - 1), given[i]);
            } else if (!wanted[i].equals(given[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }
}
