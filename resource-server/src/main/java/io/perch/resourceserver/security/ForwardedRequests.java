package io.perch.resourceserver.security;

import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Requests that this server forwards to Keycloak. Keycloak verifies their tokens.
 *
 * @param all matches these requests
 * @param withCallersToken matches those that carry the caller's token, which may come from the cookie
 */
public record ForwardedRequests(RequestMatcher all, RequestMatcher withCallersToken) {

    static ForwardedRequests none() {
        return new ForwardedRequests(request -> false, request -> false);
    }
}
