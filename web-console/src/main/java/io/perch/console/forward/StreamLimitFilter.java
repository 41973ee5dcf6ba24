package io.perch.console.forward;

import io.perch.console.web.ProblemException;
import io.perch.console.web.ProblemType;
import io.perch.console.web.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Limits the number of event streams, so that they do not use all threads. Without a stream, the pages poll. */
@Component
class StreamLimitFilter extends OncePerRequestFilter {

    private final Semaphore free;
    private final RequestMatcher streams;
    private final ProblemWriter problems;

    StreamLimitFilter(ForwardProperties properties, ProblemWriter problems) {
        this.free = new Semaphore(properties.streams());
        this.problems = problems;
        List<RequestMatcher> paths = ForwardedCall.OF_API.stream()
                .filter(ForwardedCall::isEventStream)
                .map(call -> (RequestMatcher) PathPatternRequestMatcher.pathPattern("/api" + call.path()))
                .toList();
        this.streams = new OrRequestMatcher(paths);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!streams.matches(request)) {
            chain.doFilter(request, response);
        } else if (free.tryAcquire()) {
            try {
                chain.doFilter(request, response);
            } finally {
                free.release();
            }
        } else {
            problems.write(
                    new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "Too many event streams are open"), response);
        }
    }
}
