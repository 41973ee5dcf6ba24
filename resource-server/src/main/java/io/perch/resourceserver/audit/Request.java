package io.perch.resourceserver.audit;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Optional;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** The request that this thread handles, and its caller. */
record Request(HttpServletRequest http, JwtAuthenticationToken caller) {

    private static final Clock CLOCK = Clock.systemUTC();

    /** Returns the request; empty on a thread that handles none, or if the request has no token. */
    static Optional<Request> current() {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request
                        && caller instanceof JwtAuthenticationToken token
                ? Optional.of(new Request(request.getRequest(), token))
                : Optional.empty();
    }

    /** Starts a line for an action of the caller. */
    AuditLine.Builder line(AuditAction action) {
        return AuditLine.of(action)
                .at(CLOCK.instant())
                .actor(caller.getName())
                .client(caller.getToken().getClaimAsString("azp"))
                .session(caller.getToken().getClaimAsString("sid"))
                .ipAddress(http.getRemoteAddr());
    }
}
