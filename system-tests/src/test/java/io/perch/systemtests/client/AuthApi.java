package io.perch.systemtests.client;

import io.perch.systemtests.PerchSystem;
import java.net.URI;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The realm's auth API, called without authentication as the default client. */
public final class AuthApi {

    private static final JsonMapper JSON = new JsonMapper();

    private final Http http = new Http();
    private final PerchRealm realm;

    public AuthApi(PerchSystem system) {
        this(new PerchRealm(system));
    }

    public AuthApi(PerchRealm realm) {
        this.realm = realm;
    }

    /** Sends a POST request with these members as its body. */
    public Answer post(String call, Map<String, String> body) {
        return http.json("POST", endpoint(call), Map.of(), JSON.writeValueAsString(body));
    }

    /** Sends a PUT request with these members as its body. */
    public Answer put(String call, Map<String, String> body, String token) {
        return http.json("PUT", endpoint(call), bearer(token), JSON.writeValueAsString(body));
    }

    public Answer get(String call, String token) {
        return http.get(endpoint(call), bearer(token));
    }

    public Answer delete(String call, String token) {
        return http.delete(endpoint(call), bearer(token));
    }

    private URI endpoint(String call) {
        return realm.endpoint("/auth-api/v1" + call);
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }
}
