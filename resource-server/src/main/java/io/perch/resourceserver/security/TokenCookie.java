package io.perch.resourceserver.security;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** The access token in a cookie: {@code __Host-access_token}, or {@code access_token} on one machine; see {@link HostCookie}. */
@Component
public final class TokenCookie {

    private final HostCookie cookie;
    private final boolean accepted;
    private final boolean withoutTls;

    TokenCookie(TokenCookieProperties properties) {
        this.cookie = new HostCookie("access_token", properties.withoutTls());
        this.accepted = properties.accepted();
        this.withoutTls = properties.withoutTls();
    }

    /** The token in a request's cookie; empty if there is none, or if the request has an {@code Authorization} header. */
    public Optional<String> in(HttpServletRequest request) {
        return accepted && request.getHeader(HttpHeaders.AUTHORIZATION) == null ? cookie.in(request) : Optional.empty();
    }

    /**
     * A {@code Set-Cookie} value that stores a token.
     *
     * @param life how long the browser keeps it, in whole seconds
     */
    public String of(HttpServletRequest request, String token, Duration life) {
        return cookie.of(request, token, life);
    }

    /** A {@code Set-Cookie} value that deletes the cookie. */
    public String deletion(HttpServletRequest request) {
        return cookie.deletion(request);
    }

    /** Returns a cookie for another secret, with the same rules. */
    public HostCookie forSecret(String name) {
        return new HostCookie(name, withoutTls);
    }
}
