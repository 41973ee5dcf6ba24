package io.perch.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebError;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.perch.systemtests.PerchSystem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** A browser window with the console. It collects script errors and violations of the content security policy. */
final class ConsoleWindow {

    /** A refused request is no script error. The test checks how the page shows it. */
    private static final String REFUSED = "Failed to load resource";

    /** Keycloak's page for a registration without a password looks for the password field. */
    private static final String KNOWN_ERROR = "Cannot read properties of null (reading 'addEventListener')";

    private static final int NARROW = 320;

    private final PerchSystem system;
    private final BrowserContext context;
    private final Page page;
    private final List<String> faults = new CopyOnWriteArrayList<>();

    private ConsoleWindow(PerchSystem system, BrowserContext context) {
        this.system = system;
        this.context = context;
        // Also those of Keycloak's pages, of other tabs and of small windows
        context.onWebError(error -> {
            if (!isKnown(error)) {
                faults.add("script: " + error.error());
            }
        });
        context.onConsoleMessage(message -> {
            if (isFault(message)) {
                faults.add(message.location() + ": " + message.text());
            }
        });
        this.page = context.newPage();
    }

    static ConsoleWindow open(PerchSystem system, Chromium chromium) {
        return open(system, chromium, new NewContextOptions().setLocale("en-US").setViewportSize(1280, 900));
    }

    static ConsoleWindow open(PerchSystem system, Chromium chromium, NewContextOptions options) {
        return new ConsoleWindow(system, chromium.open(options));
    }

    private boolean isKnown(WebError error) {
        Page at = error.page();
        return at != null
                && at.url().startsWith(system.keycloak().toString())
                && error.error().contains(KNOWN_ERROR);
    }

    private static boolean isFault(ConsoleMessage message) {
        return message.type().equals("error") && !message.text().startsWith(REFUSED);
    }

    Page page() {
        return page;
    }

    BrowserContext context() {
        return context;
    }

    /** Opens a page of the console and waits until it is loaded. */
    ConsoleWindow at(String path) {
        page.navigate(system.console() + path);
        return shown();
    }

    /** Waits for the page's heading and data. */
    ConsoleWindow shown() {
        page.locator("main h1").waitFor();
        page.waitForFunction("() => !document.querySelector('.skeleton')");
        return this;
    }

    /** Waits until the browser is at a page of the console again, and the page is loaded. */
    ConsoleWindow back() {
        page.waitForURL(url -> url.startsWith(system.console().toString()));
        return shown();
    }

    /** Opens a page of the console, signs in at Keycloak, and waits until the page is loaded. */
    ConsoleWindow signIn(String path, String username, String password) {
        page.navigate(system.console() + path);
        if (path.equals("/")) {
            page.getByRole(
                            AriaRole.LINK,
                            new Page.GetByRoleOptions().setName("Sign in").setExact(true))
                    .click();
        }
        enter(page, username, password);
        return back();
    }

    /** Signs out with the menu, which has the user's name. */
    void signOut(String username) {
        button(username).click();
        button("Sign out").click();
        assertThat(link("Sign in")).isVisible();
    }

    static void enter(Page page, String username, String password) {
        page.fill("#username", username);
        page.fill("#password", password);
        page.click("#kc-login");
    }

    /** Cuts the network of this browser, or connects it again. */
    void setOffline(boolean offline) {
        Object before = page.evaluate("() => navigator.onLine");
        context.setOffline(offline);
        // Where the machine has no network but loopback, the browser is offline at all times and reports no change
        page.evaluate("""
                ([before, event]) => {
                  if (navigator.onLine === before) dispatchEvent(new Event(event));
                }\
                """, List.of(before, offline ? "offline" : "online"));
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator link(String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator field(String label) {
        return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    /** Fills in and sends the form of a new login. */
    void submitLogin(String account) {
        field("X user name").fill(account);
        field("Password").fill("any-password");
        field("Phone number").fill("+14155552671");
        button("Log in").click();
        page.waitForURL(url -> url.matches(".*/logins/[0-9a-f-]{20,}"));
    }

    /** The serious and critical accessibility violations of the present page. */
    List<String> accessibilityFaults() {
        page.evaluate(axe());
        Object result = page.evaluate("""
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
              .filter((one) => ['serious', 'critical'].includes(one.impact))
              .map((one) => one.id + ': ' + one.nodes.map((node) => node.target.join(' ')).join(', '))\
            """);
        return ((List<?>) result).stream().map(String::valueOf).toList();
    }

    /** Checks that the present page, also one of Keycloak, has no serious accessibility violation, dark and light. */
    void assertAccessible() {
        for (ColorScheme colours : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(colours));
            assertThat(accessibilityFaults()).as(page.url() + ", " + colours).isEmpty();
        }
    }

    private static String axe() {
        try (InputStream script = ConsoleWindow.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks that the page fits a narrow phone without scrolling sideways. The window keeps that size. */
    void assertFitsNarrowScreen() {
        page.setViewportSize(NARROW, 700);
        assertThat(page.evaluate("() => document.documentElement.scrollWidth"))
                .as("width of " + page.url())
                .isEqualTo(NARROW);
    }

    /** Checks that no script has failed and that the content security policy has blocked nothing. */
    void assertNoFaults() {
        assertThat(faults).isEmpty();
    }

    /** The number of files of the page, and their bytes as transferred. */
    static Map<String, Object> weight(Page page) {
        @SuppressWarnings("unchecked")
        Map<String, Object> weight = (Map<String, Object>) page.evaluate("""
            () => {
              const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
              return { files: entries.length, bytes: entries.reduce((sum, one) => sum + one.transferSize, 0) };
            }\
            """);
        return weight;
    }
}
