package io.perch.console.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.console.web.ConsoleProperties;
import io.perch.console.web.LocalTarget;
import jakarta.servlet.http.Cookie;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;

/** The cookie of a sign-in that is not finished. */
class PendingSignInsTest {

    private static final Instant START = Instant.parse("2026-11-30T06:00:00Z");
    private static final String SECRET = "secret-of-the-console";
    private static final ConsoleProperties CONSOLE =
            new ConsoleProperties("https://console.example", false, false, null);

    private final KeycloakProperties keycloak = keycloak(SECRET);
    private final ClientRegistration client = new ClientConfiguration().keycloakClient(keycloak, CONSOLE);
    private final OAuth2AuthorizationRequest started = start("/logins?status=failure");

    private static KeycloakProperties keycloak(String secret) {
        return new KeycloakProperties(
                URI.create("https://keycloak.example/realms/perch"), null, "perch-console", secret);
    }

    private OAuth2AuthorizationRequest start(String target) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/signin");
        request.setServletPath("/signin");
        request.addParameter("to", target);
        return Objects.requireNonNull(
                new SignInRequests(new InMemoryClientRegistrationRepository(client)).resolve(request));
    }

    private PendingSignIns signIns(String secret, Instant now) {
        return new PendingSignIns(
                new PendingSignInEncryption(keycloak(secret), Clock.fixed(now, ZoneOffset.UTC)), client, CONSOLE);
    }

    private String cookieOf(OAuth2AuthorizationRequest authorization) {
        MockHttpServletResponse response = new MockHttpServletResponse();
        signIns(SECRET, START).saveAuthorizationRequest(authorization, new MockHttpServletRequest(), response);
        return Objects.requireNonNull(response.getCookie("__Host-perch-signin")).getValue();
    }

    private @Nullable OAuth2AuthorizationRequest callback(PendingSignIns signIns, String cookie) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/callback");
        request.addParameter("state", started.getState());
        request.setCookies(new Cookie("__Host-perch-signin", cookie));
        return signIns.removeAuthorizationRequest(request, new MockHttpServletResponse());
    }

    @Test
    void anotherInstanceReadsTheCookie() {
        OAuth2AuthorizationRequest read = Objects.requireNonNull(
                callback(signIns(SECRET, START.plusSeconds(1)), cookieOf(started)), "the cookie is refused");

        assertThat(read.getState()).isEqualTo(started.getState());
        assertThat(read.getClientId()).isEqualTo(started.getClientId());
        assertThat(read.getRedirectUri()).isEqualTo(started.getRedirectUri());
        assertThat(read.getScopes()).isEqualTo(started.getScopes());
        assertThat(read.getAttributes()).isEqualTo(started.getAttributes());
    }

    @Test
    void theCookieShowsNothing() {
        assertThat(cookieOf(started))
                .doesNotContain(started.getState())
                .matches("[0-9A-Za-z_-]+\\.\\.[0-9A-Za-z_-]+\\.[0-9A-Za-z_-]+\\.[0-9A-Za-z_-]+")
                .isNotEqualTo(cookieOf(started));
    }

    @Test
    void theCookieExpiresAfterTenMinutes() {
        String cookie = cookieOf(started);
        Instant end = START.plus(Duration.ofMinutes(10));

        assertThat(callback(signIns(SECRET, end.minusSeconds(1)), cookie)).isNotNull();
        assertThat(callback(signIns(SECRET, end), cookie)).isNull();
    }

    @Test
    void aCookieOfAnotherSecretIsRefused() {
        assertThat(callback(signIns("another secret", START), cookieOf(started)))
                .isNull();
    }

    @Test
    void aCookieOfAnotherSignInIsRefused() {
        assertThat(callback(signIns(SECRET, START), cookieOf(start("/me")))).isNull();
    }

    @Test
    void aChangedCookieIsRefused() {
        String cookie = cookieOf(started);
        for (int position = 0; position < cookie.length(); position += 7) {
            char other = cookie.charAt(position) == 'A' ? 'w' : 'A';
            String changed = cookie.substring(0, position) + other + cookie.substring(position + 1);
            assertThat(callback(signIns(SECRET, START), changed)).as(changed).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "an-id-that-an-older-version-wrote",
                "....",
                "e30....",
                "eyJhbGciOiJub25lIn0.e30.",
                "eyJhbGciOiJkaXIifQ..AAAA.AAAA.AAAA",
                "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0....",
                "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA",
                "eyJhbGciOiJkaXIiLCJlbmMiOiJYIn0..AAAA.AAAA.AAAA"
            })
    void anotherFormatIsRefused(String cookie) {
        assertThat(callback(signIns(SECRET, START), cookie)).isNull();
    }

    /** Browsers accept at least 4,096 bytes for a cookie (RFC 6265, section 6.1). */
    @ParameterizedTest
    @ValueSource(strings = {"a", "&", "<", "'", "/"})
    void theLongestTargetFitsIntoTheCookie(String character) {
        String longest = "/logins?" + character.repeat(992);

        OAuth2AuthorizationRequest authorization = start(longest);
        assertThat(authorization.<String>getAttribute("to")).isEqualTo(longest);
        assertThat(cookieOf(authorization)).hasSizeLessThan(3_000);
        assertThat(start(longest + character).<String>getAttribute("to")).isEqualTo(LocalTarget.DEFAULT);
    }

    /** Test case 3 of RFC 5869, appendix A.3. */
    @Test
    void theKeyIsDerivedAsTheRfcSays() {
        byte[] secret = HexFormat.of().parseHex("0b".repeat(22));

        assertThat(HexFormat.of().formatHex(PendingSignInEncryption.hkdf(secret, new byte[0])))
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    }
}
