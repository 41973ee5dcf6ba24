package io.perch.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.client.Pkce;
import java.util.List;
import java.util.Map;

/** The sign-in part of {@code perch-web}: the authorization request and the callback. */
final class FrontEnd {

    private final PerchSystem system;
    private final PerchRealm realm;
    private final Pkce pkce = Pkce.random();

    FrontEnd(PerchSystem system) {
        this.system = system;
        this.realm = new PerchRealm(system);
    }

    /** Opens Keycloak's sign-in page with an authorization request with PKCE (S256). */
    Page signInPage(Chromium chromium, boolean javaScript) {
        Page page = chromium.open(javaScript);
        page.navigate(
                realm.authorizationEndpoint(realm.authorizationRequest(pkce)).toString());
        return page;
    }

    /**
     * Runs the last step, which redirects to the front end with a code. Returns the tokens for this code, after a call
     * of the resource server with them.
     */
    Answer awaitTokens(Page page, Runnable lastStep) {
        // No server runs at the front end's address. The request of the browser is enough
        String url = page.waitForRequest(request -> request.url().startsWith(PerchRealm.REDIRECT_URI), lastStep)
                .url();
        Answer tokens = realm.redeem(parameters(url).getOrDefault("code", ""), pkce);
        assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
        assertThat(PerchApi.withToken(system, tokens.field("access_token"))
                        .get("/tasks")
                        .status())
                .isEqualTo(200);
        return tokens;
    }

    private static Map<String, String> parameters(String url) {
        return new Answer(302, Map.of("Location", List.of(url)), "").redirectParameters();
    }
}
