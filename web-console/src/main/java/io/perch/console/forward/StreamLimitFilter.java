package io.perch.console.forward;

import io.perch.console.web.ProblemException;
import io.perch.console.web.ProblemType;
import io.perch.console.web.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Limits the number of event streams, so that they do not use all threads, and that of each session, so that one user does
 * not take all of them. Without a stream, the pages poll.
 */
@Component
class StreamLimitFilter extends OncePerRequestFilter {

    private final Semaphore free;
    private final int limitOfSession;
    private final ConcurrentMap<String, Integer> openBySession = new ConcurrentHashMap<>();
    private final RequestMatcher streams;
    private final ProblemWriter problems;

    StreamLimitFilter(ForwardProperties properties, ProblemWriter problems) {
        this.free = new Semaphore(properties.streams());
        this.limitOfSession = properties.streamsPerSession();
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
        // Without a session the request was refused before
        HttpSession session = streams.matches(request) ? request.getSession(false) : null;
        if (session == null) {
            chain.doFilter(request, response);
            return;
        }
        String id = session.getId();
        if (!acquire(id)) {
            problems.write(
                    new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "Too many event streams are open"), response);
            return;
        }
        try {
            chain.doFilter(request, response);
        } finally {
            release(id);
        }
    }

    private boolean acquire(String session) {
        int open = openBySession.merge(session, 1, Integer::sum);
        if (open <= limitOfSession && free.tryAcquire()) {
            return true;
        }
        forget(session);
        return false;
    }

    private void release(String session) {
        free.release();
        forget(session);
    }

    private void forget(String session) {
        openBySession.computeIfPresent(session, (id, open) -> open == 1 ? null : open - 1);
    }
}
