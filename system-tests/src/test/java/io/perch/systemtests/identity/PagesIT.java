package io.perch.systemtests.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Browser;
import io.perch.systemtests.client.Http;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.client.Pkce;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keycloak's pages and endpoints, called as a browser does. */
class PagesIT extends IdentityTest {

    private final Browser browser = new Browser();
    private final Http http = new Http();

    PagesIT(PerchSystem system) {
        super(system);
    }

    @Test
    void theSignInPageHasTheSecurityHeaders() {
        var page = signInPage();

        assertThat(page.header("Content-Security-Policy").orElse(""))
                .contains("object-src 'none'", "base-uri 'none'", "frame-ancestors 'self'");
        assertThat(page.header("Strict-Transport-Security").orElse("")).contains("max-age=63072000");
        assertThat(page.header("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.header("X-Frame-Options")).hasValue("SAMEORIGIN");
        assertThat(page.header("Referrer-Policy")).hasValue("no-referrer");
        assertThat(page.header("Cache-Control").orElse("")).contains("no-store");
        assertThat(page.header("Content-Type").orElse("").toLowerCase(Locale.ROOT))
                .contains("charset=utf-8");
    }

    @Test
    void scriptsCannotReadTheSessionCookies() {
        var cookies = signInPage()
                .headers("Set-Cookie")
                .filter(cookie -> cookie.startsWith("AUTH_SESSION_ID=") || cookie.startsWith("KC_RESTART="))
                .toList();

        assertThat(cookies).hasSize(2).allSatisfy(cookie -> assertThat(cookie).contains("Secure", "HttpOnly"));
    }

    @Test
    void tokenResponsesMayNotBeCached() {
        var answer = realm.passwordGrant("perch-cli", admin.createUser());

        assertThat(answer.header("Cache-Control").orElse("")).contains("no-store");
        assertThat(answer.header("X-Content-Type-Options")).hasValue("nosniff");
    }

    @Test
    void onlyTheFrontEndMayReadTokensFromAnotherOrigin() {
        var pkce = Pkce.random();
        var back = browser.signIn(realm, realm.authorizationRequest(pkce), admin.createUser());
        var form = Map.of(
                "grant_type",
                "authorization_code",
                "client_id",
                "perch-web",
                "redirect_uri",
                PerchRealm.REDIRECT_URI,
                "code",
                back.redirectParameters().getOrDefault("code", ""),
                "code_verifier",
                pkce.verifier());
        var answer = realm.token(Map.of("Origin", PerchRealm.FRONTEND_URL), form);
        assertThat(answer.header("Access-Control-Allow-Origin")).hasValue(PerchRealm.FRONTEND_URL);

        var refresh = Map.of(
                "grant_type", "refresh_token",
                "client_id", "perch-web",
                "refresh_token", answer.field("refresh_token"));
        var foreign = realm.token(Map.of("Origin", "https://evil.example"), refresh);

        assertThat(foreign.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void anUnknownMethodIsRefused() {
        assertThat(http.delete(realm.tokenEndpoint(), Map.of()).status()).isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing-here", "/protocol/openid-connect/nothing-here"})
    void anErrorShowsNoInternals(String path) {
        var answer = realm.get(path);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).doesNotContain("org.keycloak", "Exception", "\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "google", "github", "microsoft"})
    void anIdentityProviderWithoutCredentialsIsNeitherShownNorUsable(String alias) {
        var page = signInPage();
        assertThat(page.body()).doesNotContain("social-" + alias, "/broker/" + alias);

        var forgedLink = realm.endpoint(
                "/broker/" + alias + "/login?" + Browser.signInAction(page).getRawQuery());
        var forged = browser.get(forgedLink);
        assertThat(forged.status()).isGreaterThanOrEqualTo(400);
        assertThat(forged).satisfies(PagesIT::leavesNotKeycloak);

        var request = realm.authorizationRequest(Pkce.random());
        request.put("kc_idp_hint", alias);
        assertThat(browser.get(realm.authorizationEndpoint(request))).satisfies(PagesIT::leavesNotKeycloak);
    }

    @Test
    void theAccountConsolesSignInStillWorks() {
        var pkce = Pkce.random();
        var request = realm.authorizationRequest(pkce);
        var console = realm.endpoint("/account/").toString();
        request.put("client_id", "account-console");
        request.put("redirect_uri", console);
        var user = admin.createUser();

        var back = browser.signIn(realm, request, user);

        var tokens = realm.token(Map.of(
                "grant_type",
                "authorization_code",
                "client_id",
                "account-console",
                "redirect_uri",
                console,
                "code",
                back.redirectParameters().getOrDefault("code", ""),
                "code_verifier",
                pkce.verifier()));
        var account = http.get(
                realm.endpoint("/account/"),
                Map.of("Authorization", "Bearer " + tokens.field("access_token"), "Accept", "application/json"));
        assertThat(account.field("username")).isEqualTo(user.username());
    }

    private Answer signInPage() {
        return browser.get(realm.authorizationEndpoint(realm.authorizationRequest(Pkce.random())));
    }

    private static void leavesNotKeycloak(Answer answer) {
        assertThat(answer.header("Location").orElse("")).doesNotContain("/broker/", "authorize", "oauth2", "google");
    }
}
