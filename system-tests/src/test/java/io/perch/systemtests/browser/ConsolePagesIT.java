package io.perch.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** All pages of the web console: accessibility, width and weight. */
class ConsolePagesIT extends ConsoleTest {

    private static final int MAX_BYTES = 100_000;

    ConsolePagesIT(PerchSystem system) {
        super(system);
    }

    /** In light and dark mode and 320 pixels wide, axe finds no serious violation, and no page scrolls sideways. */
    @Test
    void everyPageIsAccessibleAndFitsANarrowScreen() {
        window.at("/");
        assertThat(window.accessibilityFaults()).isEmpty();
        window.assertFitsNarrowScreen();
        window.page().setViewportSize(1280, 900);
        window.signIn("/logins", "ada", "perch-demo-ada");
        String account = "perch_demo";
        window.at("/logins/new");
        window.submitLogin(account);
        String login = window.page().url().replace(system.console().toString(), "");
        for (String path : List.of(
                "/logins",
                login,
                "/logins/new",
                "/accounts",
                "/me",
                "/me/devices",
                "/moderation",
                "/admin/users",
                "/admin/audit")) {
            window.page().setViewportSize(1280, 900);
            window.at(path);
            assertThat(window.accessibilityFaults()).as(path).isEmpty();
            window.page().evaluate("() => { document.documentElement.dataset.theme = 'dark'; }");
            assertThat(window.accessibilityFaults()).as(path + ", dark").isEmpty();
            window.assertFitsNarrowScreen();
        }
    }

    @Test
    void theFirstPageIsSmall() {
        window.at("/");
        window.page().waitForLoadState();

        Map<String, Object> weight = ConsoleWindow.weight(window.page());
        System.out.println("The first page: " + weight);
        assertThat(((Number) weight.getOrDefault("bytes", 0)).intValue()).isBetween(1, MAX_BYTES);
    }
}
