package io.perch.resourceserver.security;

import io.perch.resourceserver.web.MappedPaths;
import io.perch.resourceserver.web.ProblemType;
import io.perch.resourceserver.web.ProblemWriter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.oauth2.server.resource.web.DPoPAuthenticationEntryPoint;
import org.springframework.security.oauth2.server.resource.web.access.BearerTokenAccessDeniedHandler;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;

/**
 * Writes the response to a refused request: {@code WWW-Authenticate} as in RFC 6750 section 3, and a problem as the body. The
 * body contains no more than the header. A path without a handler is 404 for everybody, because there is nothing to protect.
 */
final class TokenProblems implements AuthenticationEntryPoint, AccessDeniedHandler {

    private static final Logger log = LoggerFactory.getLogger(TokenProblems.class);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    private final AuthenticationEntryPoint bearer = new BearerTokenAuthenticationEntryPoint();
    private final AuthenticationEntryPoint dpop = new DPoPAuthenticationEntryPoint();
    private final BearerTokenAccessDeniedHandler forbidden = new BearerTokenAccessDeniedHandler();
    private final MappedPaths paths;
    private final ProblemWriter problems;

    TokenProblems(MappedPaths paths, ProblemWriter problems) {
        this.paths = paths;
        this.problems = problems;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException reason)
            throws IOException, ServletException {
        refuse(bearer, request, response, reason);
    }

    /** Refuses a request with a DPoP-bound token (RFC 9449 section 7.1). */
    void commenceDpop(HttpServletRequest request, HttpServletResponse response, AuthenticationException reason)
            throws IOException, ServletException {
        refuse(dpop, request, response, reason);
    }

    private void refuse(
            AuthenticationEntryPoint challenge,
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException reason)
            throws IOException, ServletException {
        if (answeredNotFound(request, response)) {
            return;
        }
        if (reason instanceof AuthenticationServiceException) {
            log.warn("Tokens cannot be verified: {}", reason.getMessage());
            response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(RETRY_DELAY.toSeconds()));
            problems.write(ProblemType.SERVICE_UNAVAILABLE.problem("Access tokens cannot be verified now"), response);
            return;
        }
        challenge.commence(request, response, reason);
        ProblemType type = ProblemType.of(HttpStatusCode.valueOf(response.getStatus()));
        problems.write(type.problem("Send a valid access token in the header 'Authorization'"), response);
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException reason)
            throws IOException {
        if (answeredNotFound(request, response)) {
            return;
        }
        forbidden.handle(request, response, reason);
        problems.write(
                ProblemType.FORBIDDEN.problem("Your access token lacks a role or scope that this needs"), response);
    }

    private boolean answeredNotFound(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (paths.contain(request)) {
            return false;
        }
        problems.write(ProblemType.NOT_FOUND.problem("There is nothing at this path"), response);
        return true;
    }
}
