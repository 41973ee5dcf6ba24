package io.perch.keycloak.authapi;

import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A route of the API: a method, a path and their handler.
 *
 * @param method GET, POST, PUT or DELETE
 * @param path below {@code /v1}, with {@code {name}} for a variable segment
 * @param fixedTime whether its answers are sent at a fixed time, so that the time does not show whether a user exists
 */
record Route(String method, String path, boolean fixedTime, Handler handler) {

    /** A route whose answers are sent at once. */
    Route(String method, String path, Handler handler) {
        this(method, path, false, handler);
    }

    /** Answers a call with a response, or throws {@link ProblemException}. */
    @FunctionalInterface
    interface Handler {
        Response answer(Call call);
    }

    boolean hasBody() {
        return method.equals("POST") || method.equals("PUT");
    }

    /** The variables of a path that matches this route; empty if it does not match. */
    Optional<Map<String, String>> match(String other) {
        String[] expected = path.split("/", -1);
        String[] actual = other.split("/", -1);
        if (expected.length != actual.length) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < expected.length; i++) {
            if (expected[i].startsWith("{")) {
                variables.put(expected[i].substring(1, expected[i].length() - 1), actual[i]);
            } else if (!expected[i].equals(actual[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }
}
