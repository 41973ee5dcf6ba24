package io.perch.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.Mailbox;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.client.Pkce;
import io.perch.systemtests.client.TestUser;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registration and password reset with the codes from the mails. */
@PerchSystemTest
class EmailCodePagesIT {

    private final PerchSystem system;
    private final PerchRealm realm;
    private final Pkce pkce = Pkce.random();

    @AutoClose
    private final KeycloakAdmin admin;

    @AutoClose
    private final Chromium chromium = Chromium.start();

    EmailCodePagesIT(PerchSystem system) {
        this.system = system;
        this.realm = new PerchRealm(system);
        this.admin = new KeycloakAdmin(system);
    }

    @ParameterizedTest(name = "with JavaScript: {0}")
    @ValueSource(booleans = {true, false})
    void aNewUserEntersTheCodeAndIsSignedIn(boolean javaScript) {
        String email = "new-" + UUID.randomUUID() + "@perch.example";
        Page page = signInPage(javaScript);
        page.click("#kc-registration a");
        page.fill("#username", email.substring(0, 20));
        page.fill("#email", email);
        page.click("[type=submit]");

        Mailbox mailbox = Mailbox.of(system, email);
        String code = mailbox.awaitCode(1);
        enterCode(page, wrong(code));
        assertThat(page.textContent("#input-error-code")).isNotBlank();
        enterCode(page, code.substring(0, 3) + " - " + code.substring(3));

        assertSignedInAfter(page, () -> choosePassword(page, UUID.randomUUID().toString()));
    }

    @ParameterizedTest(name = "with JavaScript: {0}")
    @ValueSource(booleans = {true, false})
    void aUserResetsThePasswordWithACodeAndIsSignedIn(boolean javaScript) {
        TestUser user = admin.createUser();
        String email = user.username() + "@perch.example";
        Page page = signInPage(javaScript);
        page.click("text=Forgot Password?");
        page.fill("#username", email);
        page.click("[type=submit]");

        String code = Mailbox.of(system, email).awaitCode(1);
        enterCode(page, wrong(code));
        assertThat(page.textContent("#input-error-code")).isNotBlank();
        enterCode(page, code);

        String password = UUID.randomUUID().toString();
        assertSignedInAfter(page, () -> choosePassword(page, password));
        assertThat(realm.passwordGrant("perch-cli", new TestUser(user.id(), user.username(), password))
                        .status())
                .isEqualTo(200);
        assertThat(realm.passwordGrant("perch-cli", user).field("error_description"))
                .isEqualTo("Invalid user credentials");
    }

    private Page signInPage(boolean javaScript) {
        Page page = chromium.open(javaScript);
        page.navigate(
                realm.authorizationEndpoint(realm.authorizationRequest(pkce)).toString());
        return page;
    }

    private static void enterCode(Page page, String code) {
        page.fill("#code", code);
        page.click("#email-code-submit");
    }

    private static void choosePassword(Page page, String password) {
        page.fill("#password-new", password);
        page.fill("#password-confirm", password);
        page.click("[type=submit]");
    }

    /**
     * Checks that the last step redirects to the front end with a code, and that the tokens for this code work at the
     * API.
     */
    private void assertSignedInAfter(Page page, Runnable lastStep) {
        // No server runs at the front end's address. The request of the browser is enough
        String url = page.waitForRequest(request -> request.url().startsWith(PerchRealm.REDIRECT_URI), lastStep)
                .url();
        Answer tokens = realm.redeem(parameters(url).getOrDefault("code", ""), pkce);
        assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
        assertThat(PerchApi.withToken(system, tokens.field("access_token"))
                        .get("/tasks")
                        .status())
                .isEqualTo(200);
    }

    private static Map<String, String> parameters(String url) {
        return new Answer(302, Map.of("Location", List.of(url)), "").redirectParameters();
    }

    private static String wrong(String code) {
        return code.equals("000000") ? "000001" : "000000";
    }
}
