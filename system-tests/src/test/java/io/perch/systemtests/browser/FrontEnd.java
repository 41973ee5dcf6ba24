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

/** {@code perch-web} as far as signing in goes: where it sends the browser, and what it does when that comes back. */
final class FrontEnd {

    private final PerchSystem system;
    private final PerchRealm realm;
    private final Pkce pkce = Pkce.random();

    FrontEnd(PerchSystem system) {
        this.system = system;
        this.realm = new PerchRealm(system);
    }

    /** Opens Keycloak's sign-in page by an authorization request with PKCE (S256). */
    Page signInPage(Chromium chromium, boolean javaScript) {
        Page page = chromium.open(javaScript);
        page.navigate(
                realm.authorizationEndpoint(realm.authorizationRequest(pkce)).toString());
        return page;
    }

    /**
     * Takes the last step, which sends the browser back with a code that gives tokens; these open the resource server.
     * Returns the tokens.
     */
    Answer awaitTokens(Page page, Runnable lastStep) {
        // Nobody serves the front end here: that the browser goes there is enough
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
