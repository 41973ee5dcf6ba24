package io.perch.console.forward;

import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import java.util.List;
import org.springframework.http.HttpMethod;

/**
 * A call that is forwarded. Other calls get 404, also the calls of the auth API that return tokens.
 *
 * @param method the method
 * @param path the path below {@code /api} or {@code /auth} of the console
 */
record ForwardedCall(HttpMethod method, String path) {

    /** Calls of the resource server. Here they are below {@code /api}. */
    static final List<ForwardedCall> OF_API = List.of(
            new ForwardedCall(GET, "/openapi.json"),
            new ForwardedCall(POST, "/twitter-login"),
            new ForwardedCall(GET, "/tasks"),
            new ForwardedCall(GET, "/tasks/events"),
            new ForwardedCall(GET, "/tasks/{id}"),
            new ForwardedCall(GET, "/tasks/{id}/events"),
            new ForwardedCall(POST, "/tasks/{id}/challenge"),
            new ForwardedCall(DELETE, "/tasks/{id}"),
            new ForwardedCall(GET, "/twitter-accounts"),
            new ForwardedCall(GET, "/twitter-accounts/{id}"),
            new ForwardedCall(POST, "/twitter-accounts/{id}/login"),
            new ForwardedCall(DELETE, "/twitter-accounts/{id}"),
            new ForwardedCall(GET, "/admin/tasks"),
            new ForwardedCall(GET, "/admin/tasks/stats"),
            new ForwardedCall(GET, "/admin/tasks/count"),
            new ForwardedCall(GET, "/admin/tasks/buckets"),
            new ForwardedCall(GET, "/admin/tasks/{id}"),
            new ForwardedCall(DELETE, "/admin/tasks/{id}"),
            new ForwardedCall(POST, "/admin/tasks/{id}/retry"),
            new ForwardedCall(GET, "/admin/task-operations"),
            new ForwardedCall(POST, "/admin/task-operations"),
            new ForwardedCall(GET, "/admin/task-operations/{id}"),
            new ForwardedCall(DELETE, "/admin/task-operations/{id}"),
            new ForwardedCall(GET, "/admin/users"),
            new ForwardedCall(GET, "/admin/audit"));

    /** Calls of the auth API. Here they are below {@code /auth}. */
    static final List<ForwardedCall> OF_AUTH_API = List.of(
            new ForwardedCall(GET, "/me"),
            new ForwardedCall(PUT, "/me"),
            new ForwardedCall(DELETE, "/me"),
            new ForwardedCall(POST, "/me/password"),
            new ForwardedCall(GET, "/me/sessions"),
            new ForwardedCall(DELETE, "/me/sessions/{id}"));

    boolean isEventStream() {
        return path.endsWith("/events");
    }

    boolean changesDataOfOthers() {
        return path.startsWith("/admin/") && !method.equals(GET);
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
