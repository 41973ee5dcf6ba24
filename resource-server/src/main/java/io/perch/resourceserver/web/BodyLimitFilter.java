package io.perch.resourceserver.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingRequestWrapper;

/**
 * Refuses request bodies over a size: at once where the length is announced, and else as soon as the excess arrives.
 */
class BodyLimitFilter extends OncePerRequestFilter {

    private final int maxBytes;
    private final ProblemWriter problems;

    BodyLimitFilter(int maxBytes, ProblemWriter problems) {
        this.maxBytes = maxBytes;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getContentLengthLong() > maxBytes) {
            problems.write(tooLarge().getBody(), response);
            return;
        }
        chain.doFilter(new LimitedRequest(request), response);
    }

    private ProblemException tooLarge() {
        return new ProblemException(ProblemType.CONTENT_TOO_LARGE, "At most %d bytes are read".formatted(maxBytes));
    }

    private final class LimitedRequest extends ContentCachingRequestWrapper {

        LimitedRequest(HttpServletRequest request) {
            super(request, maxBytes);
        }

        @Override
        protected void handleContentOverflow(int contentCacheLimit) {
            throw tooLarge();
        }
    }
}
