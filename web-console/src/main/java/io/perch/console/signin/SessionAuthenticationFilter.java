package io.perch.console.signin;

import io.perch.console.session.Sessions;
import io.perch.console.session.SignedInUser;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;

/** Sets the signed-in user for Spring Security at each request. Sessions that Keycloak has ended are refused. */
final class SessionAuthenticationFilter extends OncePerRequestFilter {

    private final Sessions sessions;

    SessionAuthenticationFilter(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        sessions.user(request).ifPresent(SessionAuthenticationFilter::authenticate);
        chain.doFilter(request, response);
    }

    private static void authenticate(SignedInUser user) {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new PreAuthenticatedAuthenticationToken(
                user.id(), "", AuthorityUtils.createAuthorityList("signed-in")));
        SecurityContextHolder.setContext(context);
    }
}
