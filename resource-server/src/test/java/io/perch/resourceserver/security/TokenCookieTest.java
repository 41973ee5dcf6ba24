package io.perch.resourceserver.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.Cookie;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class TokenCookieTest {

    private final TokenCookie cookie = new TokenCookie(new TokenCookieProperties(true, true));

    @Test
    void theCookieIsHttpOnlySecureAndHostBound() {
        assertThat(cookie.of(request("api.perch.example", "203.0.113.7", true), "a.b.c", Duration.ofMinutes(15)))
                .startsWith("__Host-access_token=a.b.c; Path=/; Max-Age=900; ")
                .contains("; Secure", "; HttpOnly", "; SameSite=Strict")
                .doesNotContain("Domain");
    }

    @Test
    void theCookieIsSecureBehindATlsProxy() {
        assertThat(cookie.of(request("api.perch.example", "127.0.0.1", false), "a.b.c", Duration.ofMinutes(15)))
                .startsWith("__Host-access_token=")
                .contains("; Secure");
    }

    @Test
    void onLoopbackTheCookieWorksWithoutTls() {
        for (String address : new String[] {"127.0.0.1", "0:0:0:0:0:0:0:1"}) {
            assertThat(cookie.of(request("localhost", address, false), "a.b.c", Duration.ofMinutes(15)))
                    .startsWith("access_token=a.b.c; Path=/")
                    .contains("; HttpOnly", "; SameSite=Strict")
                    .doesNotContain("Secure");
        }
    }

    @Test
    void thePlainCookieIsAcceptedOnlyOnLoopback() {
        assertThat(in(request("localhost", "127.0.0.1", false), "access_token")).isEqualTo("a.b.c");
        assertThat(in(request("localhost", "203.0.113.7", false), "access_token"))
                .isEmpty();
        assertThat(in(request("api.perch.example", "127.0.0.1", false), "access_token"))
                .isEmpty();
        assertThat(in(request("localhost", "127.0.0.1", true), "access_token")).isEmpty();
        assertThat(in(request("api.perch.example", "203.0.113.7", true), "__Host-access_token"))
                .isEqualTo("a.b.c");
    }

    @Test
    void withoutTheOptionALocalProxyDoesNotAllowPlainCookies() {
        TokenCookie behindAProxy = new TokenCookie(new TokenCookieProperties(true, false));
        MockHttpServletRequest request = request("localhost", "127.0.0.1", false);
        request.setCookies(new Cookie("access_token", "a.b.c"));
        assertThat(behindAProxy.in(request)).isEmpty();
        assertThat(behindAProxy.of(request, "a.b.c", Duration.ofMinutes(15)))
                .startsWith("__Host-access_token=")
                .contains("; Secure");
    }

    @Test
    void disabledCookiesAreIgnored() {
        MockHttpServletRequest request = request("localhost", "127.0.0.1", false);
        request.setCookies(new Cookie("access_token", "a.b.c"));
        assertThat(new TokenCookie(new TokenCookieProperties(false, true)).in(request))
                .isEmpty();
    }

    private String in(MockHttpServletRequest request, String name) {
        request.setCookies(new Cookie(name, "a.b.c"));
        return cookie.in(request).orElse("");
    }

    private static MockHttpServletRequest request(String host, String address, boolean secure) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setServerName(host);
        request.setRemoteAddr(address);
        request.setSecure(secure);
        return request;
    }
}
