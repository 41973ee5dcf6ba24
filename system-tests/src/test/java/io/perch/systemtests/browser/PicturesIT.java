package io.perch.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.TestUser;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Takes the screenshots of the README and the guides from the running system: {@code mvn -pl system-tests -am verify
 * -Ppictures}.
 */
@Tag("pictures")
@PerchSystemTest
class PicturesIT {

    private static final Path FOLDER = Path.of("..", "docs", "pictures");
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 800;

    private final PerchSystem system;

    @AutoClose
    private final Chromium chromium = Chromium.start();

    @AutoClose
    private final KeycloakAdmin admin;

    PicturesIT(PerchSystem system) {
        this.system = system;
        this.admin = new KeycloakAdmin(system);
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void takeAllScreenshots(ColorScheme colours) {
        ConsoleWindow window = ConsoleWindow.open(
                system,
                chromium,
                new NewContextOptions()
                        .setLocale("en-US")
                        .setColorScheme(colours)
                        .setViewportSize(WIDTH, HEIGHT));
        window.at("/");
        take(window.page(), "welcome", colours);
        window.link("Sign in").click();
        window.page().locator("#kc-login").waitFor();
        take(window.page(), "sign-in", colours);
        codePage(window, colours);

        TestUser user = admin.createUser();
        PerchApi api = PerchApi.as(system, user);
        api.awaitFinal(api.submit("wrong_me", "any-password"));
        api.awaitFinal(api.submit("perch_demo", "any-password"));
        window.signIn("/logins/new", user.username(), user.password());
        window.submitLogin("flaky_me");
        assertThat(window.page().locator(".timeline")).containsText("Attempt 2 follows");
        take(window.page(), "login", colours);
        window.at("/logins/new");
        window.submitLogin("challenge_me");
        window.field("Code").waitFor();
        window.at("/logins");
        assertThat(window.page().locator(".codes")).isVisible();
        assertThat(window.page().locator("p-live .live-on")).isVisible();
        take(window.page(), "logins", colours);
        window.page().context().close();

        ConsoleWindow administrator = ConsoleWindow.open(
                system,
                chromium,
                new NewContextOptions()
                        .setLocale("en-US")
                        .setColorScheme(colours)
                        .setViewportSize(WIDTH, HEIGHT));
        administrator.signIn("/moderation", "ada", "perch-demo-ada");
        take(administrator.page(), "moderation", colours);
        for (String page : List.of("audit", "users")) {
            administrator.at("/admin/" + page);
            take(administrator.page(), page, colours);
        }
        administrator.at("/me/devices");
        take(administrator.page(), "devices", colours);
    }

    private void codePage(ConsoleWindow window, ColorScheme colours) {
        Page page = window.context().newPage();
        page.navigate(system.console() + "/signin?register&to=/logins");
        page.fill("#username", "new-" + UUID.randomUUID().toString().substring(0, 8));
        page.fill("#email", "new-" + UUID.randomUUID() + "@perch.example");
        page.click("[type=submit]");
        page.locator("#email-code-form").waitFor();
        take(page, "code", colours);
        page.close();
    }

    private static void take(Page page, String name, ColorScheme colours) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(FOLDER.resolve(name + "-" + colours.name().toLowerCase(Locale.ROOT) + ".png")));
    }
}
