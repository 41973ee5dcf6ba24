package io.perch.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Mailbox;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * The first visit of a new user, in one browser: registration, the code from the mail, a login that asks for a code, and the end of the
 * session. It needs no demo user and no administrator, so it also runs on the containers.
 *
 * <p>It writes a screenshot of each page to {@code target/newcomer}.
 */
@PerchSystemTest
class NewcomerJourneyIT {

    private static final Path FOLDER = Path.of("target", "newcomer");
    private static final String PASSWORD = "correct horse battery";

    private final PerchSystem system;
    private final String name = "new-" + UUID.randomUUID().toString().substring(0, 8);

    @AutoClose
    private final Chromium chromium = Chromium.start();

    private final ConsoleWindow window;
    private int pictures;

    NewcomerJourneyIT(PerchSystem system) {
        this.system = system;
        this.window = ConsoleWindow.open(system, chromium);
    }

    @Test
    void aNewUserRegistersAndAnswersTheCodeOfALogin() {
        Page page = window.page();
        window.at("/");
        take("first-page");

        register(page);
        answerTheChallenge(page);

        window.button(name).click();
        window.button("Sign out").click();
        assertThat(window.link("Sign in")).isVisible();
        take("signed-out");
        assertThat(window.context().cookies(system.console().toString()).stream()
                        .map((Cookie cookie) -> cookie.name))
                .noneMatch(cookie -> cookie.contains("perch-session"));
        page.navigate(system.console() + "/logins");
        assertThat(page.locator("#username")).isVisible();
        window.assertNoFaults();
    }

    private void register(Page page) {
        String email = name + "@perch.example";
        window.link("Register").click();
        page.fill("#username", name);
        page.fill("#email", email);
        take("registration");
        page.click("[type=submit]");

        page.locator("#code").waitFor();
        take("code-by-mail");
        page.fill("#code", Mailbox.of(system, email).awaitCode(1));
        page.click("#email-code-submit");

        page.fill("#password-new", PASSWORD);
        page.fill("#password-confirm", PASSWORD);
        take("new-password");
        page.click("[type=submit]");

        page.waitForURL(url -> url.startsWith(system.console().toString()));
        window.shown();
        assertThat(page.getByText("You have no logins yet")).isVisible();
        take("no-logins-yet");
    }

    private void answerTheChallenge(Page page) {
        window.link("challenge_me").click();
        window.shown();
        take("new-login");
        window.submitLogin("challenge_me");
        Locator code = window.field("Code");
        code.waitFor();
        assertThat(page.locator(".timeline")).isVisible();
        take("challenge");

        code.fill("123456");
        window.button("Send code").click();
        assertThat(page.locator(".facts .state.success")).isVisible();
        take("challenge-answered");

        window.at("/logins");
        assertThat(page.locator("table .state.success")).isVisible();
        assertThat(page).hasTitle(Pattern.compile("Logins.*"));
        take("logins");
    }

    private void take(String what) {
        pictures++;
        window.page()
                .screenshot(
                        new Page.ScreenshotOptions().setPath(FOLDER.resolve("%02d-%s.png".formatted(pictures, what))));
    }
}
