package io.perch.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.AuthenticatorApp;
import io.perch.systemtests.client.TestUser;
import org.junit.jupiter.api.Test;

/** A user sets up a passkey or a second factor from the web console, and then signs in with it. */
class ConsoleCredentialsIT extends ConsoleTest {

    ConsoleCredentialsIT(PerchSystem system) {
        super(system);
    }

    @Test
    void aUserAddsAPasskeyAndSignsInWithItAlone() {
        TestUser user = admin.createUser();
        Page page = window.page();
        VirtualAuthenticator authenticator = VirtualAuthenticator.connectTo(page);
        window.signIn("/me", user.username(), user.password());
        window.link("Add").click();
        Locator register = page.locator("#registerWebAuthn");
        register.waitFor();
        window.assertAccessible();
        // Keycloak asks for a name of the passkey
        page.onceDialog(dialog -> dialog.accept("A laptop"));
        register.click();
        window.back();
        assertThat(page).hasURL(system.console() + "/me");
        assertThat(authenticator.passkeys()).isOne();

        window.signOut(user.username());
        // The sign-in page offers passkeys while it loads, and would sign in before the click
        authenticator.userIsPresent(false);
        window.link("Sign in").click();
        Locator withPasskey = page.locator("#authenticateWebAuthnButton");
        withPasskey.waitFor();
        window.assertAccessible();
        authenticator.userIsPresent(true);
        withPasskey.click();
        window.back();

        assertThat(window.button(user.username())).isVisible();
    }

    @Test
    void aUserSetsUpASecondFactorAndNeedsItAtTheNextSignIn() {
        TestUser user = admin.createUser();
        Page page = window.page();
        window.signIn("/me", user.username(), user.password());
        window.link("Set up").click();
        page.locator("#mode-manual").waitFor();
        window.assertAccessible();
        page.click("#mode-manual");
        var app = new AuthenticatorApp(page.locator("#kc-totp-secret-key").innerText());
        window.assertAccessible();
        page.fill("#totp", app.code());
        page.fill("#userLabel", "A phone");
        page.click("#saveTOTPBtn");
        window.back();
        assertThat(page).hasURL(system.console() + "/me");

        window.signOut(user.username());
        window.link("Sign in").click();
        ConsoleWindow.enter(page, user.username(), user.password());
        Locator code = page.locator("#otp");
        code.waitFor();
        window.assertAccessible();
        code.fill(app.wrongCode());
        page.click("#kc-login");
        assertThat(page.locator("#input-error-otp")).isVisible();
        window.assertAccessible();
        code.fill(app.code());
        page.click("#kc-login");
        window.back();

        assertThat(window.button(user.username())).isVisible();
    }
}
