package io.perch.systemtests.client;

import io.perch.systemtests.PerchSystem;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The realm's auth API, as a client without a browser sees it: the realm's default client. */
public final class AuthApi {

    private static final JsonMapper JSON = new JsonMapper();

    private final Http http = new Http();
    private final PerchRealm realm;

    public AuthApi(PerchSystem system) {
        this.realm = new PerchRealm(system);
    }

    /** Calls by POST with these members as the body. */
    public Answer post(String call, Map<String, String> body) {
        return http.json("POST", realm.endpoint("/auth-api/v1" + call), Map.of(), JSON.writeValueAsString(body));
    }
}
