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
 * Accepts requests only from the console's own pages (Fetch Metadata). If a browser sends no {@code Sec-Fetch-Site},
 * reads are allowed, and changes need the console as {@code Origin}.
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
        if (!protectedCalls.matches(request) || isSameOrigin(request)) {
            chain.doFilter(request, response);
        } else {
            problems.write(
                    new ProblemException(ProblemType.FORBIDDEN, "Only pages of the console may send this request"),
                    response);
        }
    }

    private boolean isSameOrigin(HttpServletRequest request) {
        String site = request.getHeader(SEC_FETCH_SITE);
        if (site != null) {
            return site.equals(SAME_ORIGIN);
        }
        return request.getMethod().equals("GET") || origin.equals(request.getHeader(HttpHeaders.ORIGIN));
    }
}
