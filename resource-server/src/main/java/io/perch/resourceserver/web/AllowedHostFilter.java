package io.perch.resourceserver.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses requests whose {@code Host} is not one of this server's names. This protects against DNS rebinding by web pages. Health
 * endpoints and metrics accept any host, because probes and Prometheus use an instance's address.
 */
final class AllowedHostFilter extends OncePerRequestFilter {

    private static final String ALL = "*";
    private static final String SUBDOMAINS = "*.";

    private final List<String> hosts;
    private final ProblemWriter problems;

    /**
     * Creates the filter.
     *
     * @param hosts names without a port; {@code *.example.com} for all subdomains; see {@link #allowsAll}
     */
    AllowedHostFilter(Collection<String> hosts, ProblemWriter problems) {
        this.hosts = hosts.stream().map(AllowedHostFilter::normalize).toList();
        this.problems = problems;
    }

    /** Returns whether a setting allows every host: it is empty or contains {@code *}. */
    static boolean allowsAll(Collection<String> hosts) {
        return hosts.isEmpty() || hosts.contains(ALL);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isForMonitoring(request) || isAllowed(normalize(request.getServerName()))) {
            chain.doFilter(request, response);
        } else {
            problems.write(
                    ProblemType.INVALID_REQUEST.problem(
                            "This server is not responsible for the host in the header 'Host'"),
                    response);
        }
    }

    private boolean isAllowed(String host) {
        return hosts.stream()
                .anyMatch(allowed -> allowed.startsWith(SUBDOMAINS)
                        ? host.endsWith(allowed.substring(ALL.length()))
                        : host.equals(allowed));
    }

    /** Probes and Prometheus call each instance by its address. The metrics need a token. */
    private static boolean isForMonitoring(HttpServletRequest request) {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        return path.equals("/health") || path.startsWith("/health/") || path.equals("/metrics");
    }

    private static String normalize(String host) {
        String lower = host.strip().toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
