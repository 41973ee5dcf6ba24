package io.perch.systemtests.oldroutes;

import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Http;
import java.net.URI;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Base class for the clients of the old services. They send JSON to paths below one base URL. */
abstract class ServiceClient {

    private static final JsonMapper JSON = new JsonMapper();

    private final Http http = new Http();
    private final URI base;

    ServiceClient(URI base) {
        this.base = base;
    }

    /** The headers that authenticate the caller; empty before the sign-in. */
    abstract Map<String, String> credentials();

    Answer get(String path) {
        return http.get(at(path), credentials());
    }

    /** Sends a POST request with an empty body. */
    Answer post(String path) {
        return http.send("POST", at(path), credentials(), "");
    }

    Answer post(String path, Map<String, ?> body) {
        return http.json("POST", at(path), credentials(), JSON.writeValueAsString(body));
    }

    Answer put(String path, Map<String, ?> body) {
        return http.json("PUT", at(path), credentials(), JSON.writeValueAsString(body));
    }

    Answer form(String path, Map<String, String> form) {
        return http.post(at(path), credentials(), form);
    }

    private URI at(String path) {
        return URI.create(base + path);
    }
}
