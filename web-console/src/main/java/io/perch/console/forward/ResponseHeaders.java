package io.perch.console.forward;

import java.util.List;
import org.springframework.cloud.gateway.server.mvc.filter.HttpHeadersFilter.ResponseHttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Sets the response headers for the browser: some of the API's headers. Cookies and redirects are never returned. */
@Component
class ResponseHeaders implements ResponseHttpHeadersFilter, Ordered {

    private static final List<String> OF_THE_API = List.of(
            HttpHeaders.ALLOW,
            HttpHeaders.CONTENT_TYPE,
            HttpHeaders.CONTENT_DISPOSITION,
            HttpHeaders.RETRY_AFTER,
            "RateLimit",
            "RateLimit-Policy",
            "X-Accel-Buffering");

    @Override
    public HttpHeaders apply(HttpHeaders given, ServerResponse response) {
        HttpHeaders headers = new HttpHeaders();
        for (String name : OF_THE_API) {
            List<String> values = given.get(name);
            if (values != null) {
                headers.put(name, values);
            }
        }
        headers.setCacheControl(CacheControl.noStore());
        return headers;
    }

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}
