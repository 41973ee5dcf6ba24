package io.perch.resourceserver.security;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.http.ResponseCookie;
import org.springframework.security.web.util.matcher.IpAddressMatcher;

/**
 * A cookie for a secret. Scripts cannot read it and pages of other sites cannot send it: {@code HttpOnly}, {@code
 * SameSite=Strict}, prefix {@code __Host-} (RFC 6265bis, 4.1.3.2). Browsers refuse such a cookie over plain HTTP. So the option
 * {@code withoutTls} allows a cookie without the prefix and without {@code Secure} between a browser and a server on the same
 * machine.
 */
public final class HostCookie {

    private static final String PREFIX = "__Host-";
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final IpAddressMatcher LOOPBACK_4 = new IpAddressMatcher("127.0.0.0/8");
    private static final IpAddressMatcher LOOPBACK_6 = new IpAddressMatcher("::1");

    private final String plainName;
    private final String hostName;
    private final boolean withoutTls;

    HostCookie(String name, boolean withoutTls) {
        this.plainName = name;
        this.hostName = PREFIX + name;
        this.withoutTls = withoutTls;
    }

    /** The value of the cookie in a request; empty if there is none. */
    public Optional<String> in(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies == null) {
            return Optional.empty();
        }
        return Stream.of(hostName, plainName)
                .filter(name -> name.equals(hostName) || isLocal(request))
                .flatMap(name ->
                        Arrays.stream(cookies).filter(cookie -> cookie.getName().equals(name)))
                .map(Cookie::getValue)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /**
     * A {@code Set-Cookie} value that stores a value.
     *
     * @param life how long the browser keeps it, in whole seconds
     */
    public String of(HttpServletRequest request, String value, Duration life) {
        boolean local = isLocal(request);
        return ResponseCookie.from(local ? plainName : hostName, value)
                .httpOnly(true)
                .secure(!local)
                .sameSite("Strict")
                .path("/")
                .maxAge(life)
                .build()
                .toString();
    }

    /** A {@code Set-Cookie} value that deletes the cookie. */
    public String deletion(HttpServletRequest request) {
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
