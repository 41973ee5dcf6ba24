package io.perch.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.console.Keycloak.Grant;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Sign-in, sign-out and the end of sessions. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class SignInTest {

    private static final Keycloak KEYCLOAK = Servers.KEYCLOAK;

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        Servers.register(properties);
    }

    @Test
    void aSignedInBrowserHasASessionAndNoToken() {
        Browser browser = new Browser(port);
        assertThat(browser.me().path("signed_in").asBoolean()).isFalse();
        assertThat(browser.cookies())
                .as("a browser that is not signed in gets no session")
                .isEmpty();

        HttpResponse<String> back =
                browser.signIn(KEYCLOAK, Grant.of("alice", "user"), "/signin?to=/logins?status=failure");

        assertThat(back.statusCode()).isEqualTo(302);
        assertThat(Browser.location(back)).endsWith("/logins?status=failure");
        JsonNode me = browser.me();
        assertThat(me.path("signed_in").asBoolean()).isTrue();
        assertThat(me.path("user").path("username").asString()).isEqualTo("alice");
        assertThat(me.path("roles").values()).extracting(JsonNode::asString).containsExactly("user");
        assertThat(me.path("csrf").asString()).isNotBlank();
        assertThat(me.toString()).doesNotContain("access-").doesNotContain("eyJ");
        assertThat(browser.cookies()).containsOnlyKeys("perch-session");
    }

    @Test
    void theAuthorizationRequestHasPkceStateAndNonceAndItsOwnLaxCookie() {
        Browser browser = new Browser(port);

        Map<String, String> request = browser.begin("/signin?lang=de");

        assertThat(request)
                .containsEntry("client_id", "perch-console")
                .containsEntry("response_type", "code")
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("redirect_uri", "http://localhost:3000/callback")
                .containsEntry("ui_locales", "de")
                .containsKeys("state", "nonce", "code_challenge");
        assertThat(browser.setCookies()).singleElement().satisfies(cookie -> assertThat(cookie)
                .startsWith("perch-signin=")
                .contains("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"));
    }

    @Test
    void onlyListedActionsAreSentToKeycloak() {
        Browser browser = new Browser(port);

        assertThat(browser.begin("/signin/action?do=CONFIGURE_TOTP&to=/me"))
                .containsEntry("kc_action", "CONFIGURE_TOTP");
        assertThat(browser.begin("/signin/action?do=delete_credential:0a-1"))
                .containsEntry("kc_action", "delete_credential:0a-1");
        assertThat(browser.send("GET", "/signin/action?do=TERMS", null, Map.of())
                        .statusCode())
                .isEqualTo(404);
        assertThat(browser.begin("/signin?register")).containsEntry("prompt", "create");
        assertThat(browser.begin("/signin?fresh")).containsEntry("prompt", "login");
    }

    @ParameterizedTest
    @ValueSource(strings = {"changed", "an-id-that-an-older-version-wrote", "of another sign-in"})
    void aSignInWithoutItsCookieMustBeStartedAgain(String kind) {
        Browser browser = new Browser(port);
        Map<String, String> request = browser.begin("/signin");
        String cookie = browser.cookie("perch-signin");
        Browser another = new Browser(port);
        another.begin("/signin");
        browser.setCookie(
                "perch-signin",
                switch (kind) {
                    case "changed" -> cookie.substring(0, cookie.length() - 8) + "AAAAAAAA";
                    case "of another sign-in" -> another.cookie("perch-signin");
                    default -> kind;
                });

        HttpResponse<String> back = browser.send(
                "GET",
                "/callback?code=" + KEYCLOAK.grant(request, Grant.of("alice", "user")) + "&state="
                        + request.get("state"),
                null,
                Map.of());

        assertThat(back.statusCode()).isEqualTo(302);
        assertThat(Browser.location(back)).endsWith("/?signin=failed");
        assertThat(browser.me().path("signed_in").asBoolean()).isFalse();
        assertThat(browser.cookies()).isEmpty();
    }

    @Test
    void aTargetThatIsTooLongForTheCookieIsReplaced() {
        HttpResponse<String> back = new Browser(port)
                .signIn(KEYCLOAK, Grant.of("alice", "user"), "/signin?to=/logins?user=" + "a".repeat(1_000));

        assertThat(Browser.location(back)).endsWith("/logins");
    }

    /** A session id that an attacker has put into the browser must not be valid after the sign-in. */
    @Test
    void aSignInChangesTheSessionId() {
        Browser attacker = Browser.signedIn(port, KEYCLOAK, Grant.of("mallory", "user"));
        String planted = attacker.cookie("perch-session");
        Browser victim = new Browser(port);
        victim.setCookie("perch-session", planted);

        victim.signIn(KEYCLOAK, Grant.of("alice", "user"), "/signin");

        assertThat(victim.cookie("perch-session")).isNotBlank().isNotEqualTo(planted);
        assertThat(victim.me().path("user").path("username").asString()).isEqualTo("alice");
        assertThat(attacker.me().path("signed_in").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example",
                "/%5Cevil.example",
                "https://evil.example",
                "/logins%5C@evil.example",
                "javascript:alert(1)",
                "/evil",
                "/logins%0d%0aSet-Cookie:a=b",
                "/bff/me",
                ""
            })
    void aSignInRedirectsOnlyToPagesOfTheConsole(String target) {
        HttpResponse<String> back =
                new Browser(port).signIn(KEYCLOAK, Grant.of("alice", "user"), "/signin?to=" + target);

        assertThat(Browser.location(back)).matches("(http://localhost:" + port + ")?/logins");
    }

    @Test
    void aSignInWorksOnceAndOnlyInItsBrowser() {
        Browser browser = new Browser(port);
        Map<String, String> request = browser.begin("/signin");
        String callback = "/callback?code=%s&state=" + request.get("state");

        Browser other = new Browser(port);
        assertThat(Browser.location(other.send(
                        "GET",
                        callback.formatted(KEYCLOAK.grant(request, Grant.of("mallory", "user"))),
                        null,
                        Map.of())))
                .endsWith("/?signin=failed");

        String pending = browser.cookie("perch-signin");
        String code = KEYCLOAK.grant(request, Grant.of("alice", "user"));
        browser.send("GET", callback.formatted(code), null, Map.of());
        assertThat(browser.me().path("signed_in").asBoolean()).isTrue();
        assertThat(browser.cookies()).doesNotContainKey("perch-signin");

        Browser replay = new Browser(port);
        replay.setCookie("perch-signin", pending);
        replay.send("GET", callback.formatted(code), null, Map.of());
        assertThat(replay.me().path("signed_in").asBoolean()).isFalse();
    }

    @Test
    void aSignOutEndsTheSessionHereAndAtKeycloak() {
        Grant grant = Grant.of("alice", "user");
        Browser browser = Browser.signedIn(port, KEYCLOAK, grant);
        String session = browser.cookie("perch-session");

        HttpResponse<String> out = browser.change("POST", "/logout", "");

        assertThat(out.statusCode()).isEqualTo(200);
        assertThat(out.body()).isEqualTo("{\"location\":\"/\"}");
        assertThat(KEYCLOAK.hasEnded(grant)).isTrue();
        Browser old = new Browser(port);
        old.setCookie("perch-session", session);
        assertThat(old.me().path("signed_in").asBoolean()).isFalse();
        assertThat(old.get("/api/tasks").statusCode()).isEqualTo(401);
    }

    @Test
    void aBackChannelLogoutEndsTheSession() {
        Grant grant = Grant.of("alice", "user");
        Browser browser = Browser.signedIn(port, KEYCLOAK, grant);
        Browser another = Browser.signedIn(port, KEYCLOAK, Grant.of("alice", "user"));

        assertThat(logout(KEYCLOAK.logoutToken("id-of-alice", grant.sessionId())))
                .isEqualTo(200);

        HttpResponse<String> refused = browser.get("/api/tasks");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("urn:perch:problem:session-ended");
        assertThat(another.get("/api/tasks").statusCode()).as("another session").isEqualTo(200);
    }

    @Test
    void aForgedLogoutTokenIsRefused() {
        Grant grant = Grant.of("alice", "user");
        Browser browser = Browser.signedIn(port, KEYCLOAK, grant);
        String forged = Keycloak.start().logoutToken("id-of-alice", grant.sessionId());

        assertThat(logout(forged)).isEqualTo(400);
        assertThat(browser.get("/api/tasks").statusCode()).isEqualTo(200);
    }

    private int logout(String token) {
        return new Browser(port)
                .send(
                        "POST",
                        "/logout/connect/back-channel/perch",
                        "logout_token=" + token,
                        Map.of("Content-Type", "application/x-www-form-urlencoded"))
                .statusCode();
    }

    @Test
    void theSessionCookieIsHttpOnlyAndSameSiteStrict() {
        Browser browser = Browser.signedIn(port, KEYCLOAK, Grant.of("alice", "user"));

        assertThat(browser.setCookies())
                .filteredOn(cookie -> cookie.startsWith("perch-session="))
                .isNotEmpty()
                .allSatisfy(cookie -> assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Path=/"));
    }
}
