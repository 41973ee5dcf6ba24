package io.perch.console.signin;

import io.perch.console.session.Sessions;
import io.perch.console.web.ProblemException;
import io.perch.console.web.ProblemType;
import io.perch.console.web.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/** The responses when Spring Security refuses a request. */
final class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler, AuthenticationFailureHandler {

    private static final Logger log = LoggerFactory.getLogger(Refusals.class);

    private final Sessions sessions;
    private final ProblemWriter problems;

    Refusals(Sessions sessions, ProblemWriter problems) {
        this.sessions = sessions;
        this.problems = problems;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException refused)
            throws IOException {
        problems.write(unauthorized(request), response);
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException refused)
            throws IOException {
        // If the session has ended, its CSRF token is also missing
        boolean gone = sessions.hasEnded(request) || sessions.user(request).isEmpty();
        problems.write(
                gone
                        ? unauthorized(request)
                        : new ProblemException(ProblemType.FORBIDDEN, "The CSRF token is missing or wrong"),
                response);
    }

    private ProblemException unauthorized(HttpServletRequest request) {
        return sessions.hasEnded(request)
                ? ProblemException.sessionEnded()
                : new ProblemException(ProblemType.UNAUTHORIZED, "You are not signed in");
    }

    /** Handles a failed sign-in: it was cancelled at Keycloak, has expired, or was started in another tab. */
    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failed)
            throws IOException {
        log.info("A sign-in failed: {}", failed.getMessage());
        response.sendRedirect(sessions.user(request).isPresent() ? "/logins" : "/?signin=failed");
    }
}
