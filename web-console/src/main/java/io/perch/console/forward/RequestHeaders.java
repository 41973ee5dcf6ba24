package io.perch.console.forward;

import java.util.List;
import org.springframework.cloud.gateway.server.mvc.filter.HttpHeadersFilter.RequestHttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerRequest;

/** Sets the request headers for the APIs: some of the browser's headers, the user's token and the browser's address. */
@Component
class RequestHeaders implements RequestHttpHeadersFilter, Ordered {

    /** Request attribute: the access token to send. */
    static final String ACCESS_TOKEN = RequestHeaders.class.getName() + ".accessToken";

    static final String FORWARDED_FOR = "X-Forwarded-For";

    private static final List<String> OF_THE_BROWSER = List.of(
            HttpHeaders.ACCEPT,
            HttpHeaders.ACCEPT_LANGUAGE,
            HttpHeaders.CONTENT_TYPE,
            HttpHeaders.CONTENT_LENGTH,
            "Idempotency-Key",
            "Last-Event-ID");

    @Override
    public HttpHeaders apply(HttpHeaders given, ServerRequest request) {
        HttpHeaders headers = new HttpHeaders();
        for (String name : OF_THE_BROWSER) {
            String value = given.getFirst(name);
            if (value != null) {
                headers.set(name, value);
            }
        }
        headers.setBearerAuth((String) request.attribute(ACCESS_TOKEN).orElseThrow());
        // Only the address of the connection. The browser's own X-Forwarded-For is not trusted
        headers.set(FORWARDED_FOR, request.servletRequest().getRemoteAddr());
        return headers;
    }

    /** After all filters of the gateway. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}
