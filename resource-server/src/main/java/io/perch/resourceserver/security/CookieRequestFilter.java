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
 * Keeps foreign pages from riding on a user's cookie. Old clients know of no CSRF token, so it goes by what a browser says of
 * itself and no page can forge (Fetch Metadata, and {@code Origin}, RFC 6454), beside {@code SameSite=Strict} and media types
 * that no foreign page sends without being allowed to (CORS). A client that says nothing of itself is no browser of today, and
 * has no foreign pages.
 */
final class CookieRequestFilter extends OncePerRequestFilter {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final Set<MediaType> OF_FORMS =
            Set.of(MediaType.APPLICATION_FORM_URLENCODED, MediaType.MULTIPART_FORM_DATA, MediaType.TEXT_PLAIN);
    private static final String SITE = "Sec-Fetch-Site";
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private final TokenCookie cookie;
    private final RequestMatcher counts;
    private final CorsConfiguration frontends = new CorsConfiguration();
    private final ProblemWriter problems;

    /**
     * Makes the filter.
     *
     * @param counts where the cookie counts
     * @param frontends origins whose pages may use it
     */
    CookieRequestFilter(
            TokenCookie cookie, RequestMatcher counts, Collection<String> frontends, ProblemWriter problems) {
        this.cookie = cookie;
        this.counts = counts;
        // Compares origins as CORS does; all origins are none here
        this.frontends.setAllowedOrigins(frontends.stream()
                .filter(origin -> !origin.equals(CorsConfiguration.ALL))
                .toList());
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean changesSomething = !SAFE.contains(request.getMethod());
        if (changesSomething && counts.matches(request) && cookie.in(request).isPresent()) {
            if (isForeign(request)) {
                problems.write(
                        ProblemType.FORBIDDEN.problem("The request comes from a page of another site"), response);
                return;
            }
            if (isForm(request)) {
                problems.write(ProblemType.FORBIDDEN.problem("With a cookie no form is taken; send JSON"), response);
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
            // A page sends that to any site without being allowed to, just as it does a form
            return hasBody(request);
        }
        try {
            MediaType media = MediaType.parseMediaType(type);
            return OF_FORMS.stream().anyMatch(media::equalsTypeAndSubtype);
        } catch (InvalidMediaTypeException e) {
            return true;
        }
    }
}
