package io.perch.systemtests.faults;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A login that a client submits.
 *
 * @param user the client
 * @param username the X user name. Its prefix selects the simulator's behaviour
 * @param key the idempotency key, with which the request can be repeated. If null, it is sent once, for an account with
 *     no other login
 */
record Login(String user, String username, @Nullable String key) {

    private static final JsonMapper JSON = new JsonMapper();

    String json() {
        return JSON.writeValueAsString(
                Map.of("username", username, "password", "p@ssw0rd!", "phone_number", "+14155552671"));
    }

    /** The expected final status of the task. */
    static String ending(String username) {
        return username.startsWith("wrong_") ? "failure" : "success";
    }
}
