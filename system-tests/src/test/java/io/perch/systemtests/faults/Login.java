package io.perch.systemtests.faults;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A login that a client wants.
 *
 * @param user the client
 * @param username the X user name, by whose beginning the simulator goes
 * @param key what the client names the request with, so that it may send it again; null where it sends it once and has
 *     an account for it alone
 */
record Login(String user, String username, @Nullable String key) {

    private static final JsonMapper JSON = new JsonMapper();

    String json() {
        return JSON.writeValueAsString(
                Map.of("username", username, "password", "p@ssw0rd!", "phone_number", "+14155552671"));
    }

    /** How the task has to end. */
    static String ending(String username) {
        return username.startsWith("wrong_") ? "failure" : "success";
    }
}
