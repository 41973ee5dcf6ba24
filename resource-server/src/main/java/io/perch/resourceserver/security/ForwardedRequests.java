package io.perch.resourceserver.security;

import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Requests that go on to Keycloak, which judges their tokens itself.
 *
 * @param all which these are
 * @param inTheCallersName which of them go with the caller's token, so that a cookie counts
 */
public record ForwardedRequests(RequestMatcher all, RequestMatcher inTheCallersName) {

    static ForwardedRequests none() {
        return new ForwardedRequests(request -> false, request -> false);
    }
}
