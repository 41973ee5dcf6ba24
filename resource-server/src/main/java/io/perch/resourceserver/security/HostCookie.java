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
 * A secret in a cookie, where no script can read it and no foreign page can send it: {@code HttpOnly}, {@code SameSite=Strict}, and
 * with the prefix {@code __Host-} (RFC 6265bis, 4.1.3.2). Over HTTP on one machine, where a browser keeps no such cookie, it has
 * neither the prefix nor {@code Secure}, if that is switched on.
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

    /** The value in a request's cookie; empty where there is none. */
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
     * The {@code Set-Cookie} that keeps a value.
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
