package io.perch.resourceserver.security;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.web.util.matcher.IpAddressMatcher;
import org.springframework.stereotype.Component;

/**
 * The access token in a cookie, where no script can read it: {@code __Host-access_token} (RFC 6265bis, 4.1.3.2). Over HTTP on
 * one machine, where a browser keeps no such cookie, it is {@code access_token}, without {@code Secure}, if that is switched on.
 */
@Component
public final class TokenCookie {

    private static final String PLAIN = "access_token";
    private static final String HOST = "__Host-" + PLAIN;
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final IpAddressMatcher LOOPBACK_4 = new IpAddressMatcher("127.0.0.0/8");
    private static final IpAddressMatcher LOOPBACK_6 = new IpAddressMatcher("::1");

    private final boolean accepted;
    private final boolean withoutTls;

    TokenCookie(TokenCookieProperties properties) {
        this.accepted = properties.accepted();
        this.withoutTls = properties.withoutTls();
    }

    /** The token in a request's cookie; empty where there is none, or where the request has the header for one. */
    public Optional<String> in(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (!accepted || cookies == null || request.getHeader(HttpHeaders.AUTHORIZATION) != null) {
            return Optional.empty();
        }
        return Stream.of(HOST, PLAIN)
                .filter(name -> name.equals(HOST) || isLocal(request))
                .flatMap(name ->
                        Arrays.stream(cookies).filter(cookie -> cookie.getName().equals(name)))
                .map(Cookie::getValue)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /**
     * The {@code Set-Cookie} that keeps a token.
     *
     * @param life how long the browser keeps it, in whole seconds
     */
    public String of(HttpServletRequest request, String token, Duration life) {
        boolean local = isLocal(request);
        return ResponseCookie.from(local ? PLAIN : HOST, token)
                .httpOnly(true)
                .secure(!local)
                .sameSite("Strict")
                .path("/")
                .maxAge(life)
                .build()
                .toString();
    }

    /** The {@code Set-Cookie} that takes it away. */
    public String none(HttpServletRequest request) {
        return of(request, "", Duration.ZERO);
    }

    private boolean isLocal(HttpServletRequest request) {
        String address = request.getRemoteAddr();
        return withoutTls
                && !request.isSecure()
                && LOCAL_NAMES.contains(request.getServerName())
                && (LOOPBACK_4.matches(address) || LOOPBACK_6.matches(address));
    }
}
