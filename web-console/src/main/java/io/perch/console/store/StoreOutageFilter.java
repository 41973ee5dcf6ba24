package io.perch.console.store;

import io.perch.console.web.ProblemException;
import io.perch.console.web.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.session.web.http.SessionRepositoryFilter;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Answers 503 while Redis is unavailable. It runs before the session filter, because that one fails. */
@Component
@Order(SessionRepositoryFilter.DEFAULT_ORDER - 1)
class StoreOutageFilter extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(StoreOutageFilter.class);

    private final ProblemWriter problems;

    StoreOutageFilter(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (DataAccessException | StoreUnavailableException e) {
            if (response.isCommitted()) {
                throw e;
            }
            log.warn("Sessions cannot be read: {}", e.getMessage());
            response.reset();
            problems.write(ProblemException.unavailable("The session store"), response);
        }
    }
}
