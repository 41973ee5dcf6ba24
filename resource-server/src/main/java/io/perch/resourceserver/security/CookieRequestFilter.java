package io.perch.resourceserver.security;

import io.perch.resourceserver.web.ProblemType;
import io.perch.resourceserver.web.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Protects requests with the token cookie against CSRF. Old clients have no CSRF token. So the filter reads headers that a
 * browser sets and a page cannot change: {@code Sec-Fetch-Site} (Fetch Metadata) and {@code Origin} (RFC 6454). {@code
 * SameSite=Strict} and the refusal of media types that need no CORS preflight protect further. A client that sends neither header
 * is not a current browser, so no page of another site can use it.
 */
final class CookieRequestFilter extends OncePerRequestFilter {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final Set<MediaType> FORM_TYPES =
            Set.of(MediaType.APPLICATION_FORM_URLENCODED, MediaType.MULTIPART_FORM_DATA, MediaType.TEXT_PLAIN);
    private static final String SITE = "Sec-Fetch-Site";
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private final TokenCookie cookie;
    private final RequestMatcher usesCookie;
    private final CorsConfiguration frontends = new CorsConfiguration();
    private final ProblemWriter problems;

    /**
     * Creates the filter.
     *
     * @param usesCookie requests that the cookie may authenticate
     * @param frontends origins whose pages may send the cookie; {@code *} is ignored
     */
    CookieRequestFilter(
            TokenCookie cookie, RequestMatcher usesCookie, Collection<String> frontends, ProblemWriter problems) {
        this.cookie = cookie;
        this.usesCookie = usesCookie;
        // Compares origins as CORS does
        this.frontends.setAllowedOrigins(frontends.stream()
                .filter(origin -> !origin.equals(CorsConfiguration.ALL))
                .toList());
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean changesSomething = !SAFE.contains(request.getMethod());
        if (changesSomething
                && usesCookie.matches(request)
                && cookie.in(request).isPresent()) {
            if (isForeign(request)) {
                problems.write(
                        ProblemType.FORBIDDEN.problem("The request comes from a page of another site"), response);
                return;
            }
            if (isForm(request)) {
                problems.write(
                        ProblemType.FORBIDDEN.problem("A request with a cookie must not be a form; send JSON"),
                        response);
                return;
            }
        }
        chain.doFilter(request, response);
    }

    private boolean isForeign(HttpServletRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && frontends.checkOrigin(origin) != null) {
            return false;
        }
        String site = request.getHeader(SITE);
        return site == null ? CorsUtils.isCorsRequest(request) : !OWN_SITE.contains(site);
    }

    private static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    private static boolean isForm(HttpServletRequest request) {
        String type = request.getContentType();
        if (type == null) {
            // Any page may send a body without a type, as it may send a form: CORS needs no preflight for it
            return hasBody(request);
        }
        try {
            MediaType media = MediaType.parseMediaType(type);
            return FORM_TYPES.stream().anyMatch(media::equalsTypeAndSubtype);
        } catch (InvalidMediaTypeException e) {
            return true;
        }
    }
}
