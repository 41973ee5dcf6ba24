package io.perch.resourceserver.oldroutes;

import org.springframework.cloud.gateway.server.mvc.filter.HttpHeadersFilter.RequestHttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.function.ServerRequest;

/**
 * Sends Keycloak the address of the client, for its limits and its events: the address that this server sees. The gateway has taken
 * away what the client itself said of that.
 */
final class ClientAddress implements RequestHttpHeadersFilter, Ordered {

    private static final String X_FORWARDED_FOR = "X-Forwarded-For";

    @Override
    public HttpHeaders apply(HttpHeaders input, ServerRequest request) {
        HttpHeaders headers = new HttpHeaders();
        headers.putAll(input);
        headers.set(X_FORWARDED_FOR, request.servletRequest().getRemoteAddr());
        return headers;
    }

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}
