package io.perch.console.signin;

import io.perch.console.web.ConsoleProperties;
import io.perch.console.web.ProblemException;
import io.perch.console.web.ProblemType;
import io.perch.console.web.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers the console's own pages only (Fetch Metadata). A browser that sends no {@code Sec-Fetch-Site} may read, and has to name the
 * console as the {@code Origin} of a change.
 */
final class SameOriginFilter extends OncePerRequestFilter {

    private static final String SEC_FETCH_SITE = "Sec-Fetch-Site";
    private static final String SAME_ORIGIN = "same-origin";

    private final RequestMatcher protectedCalls;
    private final String origin;
    private final ProblemWriter problems;

    SameOriginFilter(RequestMatcher protectedCalls, ConsoleProperties console, ProblemWriter problems) {
        this.protectedCalls = protectedCalls;
        this.origin = console.url();
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!protectedCalls.matches(request) || comesFromHere(request)) {
            chain.doFilter(request, response);
        } else {
            problems.write(
                    new ProblemException(ProblemType.FORBIDDEN, "Only the pages of the console may ask for this"),
                    response);
        }
    }

    private boolean comesFromHere(HttpServletRequest request) {
        String site = request.getHeader(SEC_FETCH_SITE);
        if (site != null) {
            return site.equals(SAME_ORIGIN);
        }
        return request.getMethod().equals("GET") || origin.equals(request.getHeader(HttpHeaders.ORIGIN));
    }
}
