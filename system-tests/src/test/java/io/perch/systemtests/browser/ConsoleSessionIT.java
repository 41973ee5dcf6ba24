package io.perch.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.TestUser;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The session of the web console: its cookie, and what the pages do at its end. */
class ConsoleSessionIT extends ConsoleTest {

    private static final Duration TOKEN_LIFETIME = Duration.ofSeconds(3);

    /** Makes the browser block new windows, and print what the page stores. */
    private static final String WITHOUT_WINDOWS = """
        () => {
          window.open = () => null;
          const store = Storage.prototype.setItem;
          Storage.prototype.setItem = function (key, value) {
            console.log(value);
            store.call(this, key, value);
          };
        }\
        """;

    /** Calls of both APIs. It returns their statuses. */
    private static final String TEN_CALLS = """
        () => Promise.all(Array.from({ length: 10 }, (_, i) =>
          fetch(['/api/tasks', '/api/twitter-accounts', '/auth/me'][i % 3]).then((answer) => answer.status)))\
        """;

    ConsoleSessionIT(PerchSystem system) {
        super(system);
    }

    @Test
    void theFormKeepsItsInputWhenTheSessionEnds() {
        TestUser user = admin.createUser();
        window.signIn("/logins/new", user.username(), user.password());
        window.field("X user name").fill("perch_demo");
        window.field("Password").fill("any-password");
        window.field("Phone number").fill("+14155552671");

        admin.logout(user);
        window.button("Log in").click();
        assertThat(window.page().getByText("Your session has ended").first()).isVisible();
        Page small =
                window.page().waitForPopup(() -> window.button("Sign in again").click());
        ConsoleWindow.enter(small, user.username(), user.password());

        assertThat(window.page().locator("#ended")).hasCount(0);
        assertThat(window.field("Password")).hasValue("any-password");
        window.button("Log in").click();
        window.page().waitForURL(url -> url.matches(".*/logins/[0-9a-f-]{20,}"));
    }

    /** The page then goes to the sign-in itself. It stores the input, but never a password, also if it was shown. */
    @Test
    void theFormIsRestoredWithoutThePasswordIfTheBrowserBlocksTheSmallWindow() {
        TestUser user = admin.createUser();
        window.signIn("/logins/new", user.username(), user.password());
        Page page = window.page();
        window.field("X user name").fill("perch_demo");
        window.field("Password").fill("any-password");
        window.button("Show password").click();
        window.field("Phone number").fill("+14155552671");
        var stored = new ArrayList<String>();
        page.onConsoleMessage(message -> stored.add(message.text()));
        page.evaluate(WITHOUT_WINDOWS);

        admin.logout(user);
        window.button("Log in").click();
        window.button("Sign in again").waitFor();
        window.assertAccessible();
        window.button("Sign in again").click();
        ConsoleWindow.enter(page, user.username(), user.password());
        window.back();

        assertThat(stored)
                .anyMatch(text -> text.contains("perch_demo"))
                .noneMatch(text -> text.contains("any-password"));
        assertThat(page).hasURL(system.console() + "/logins/new");
        assertThat(window.field("X user name")).hasValue("perch_demo");
        assertThat(window.field("Phone number")).hasValue("+14155552671");
        assertThat(window.field("Password")).hasValue("");
        window.field("Password").fill("any-password");
        window.button("Log in").click();
        page.waitForURL(url -> url.matches(".*/logins/[0-9a-f-]{20,}"));
    }

    @Test
    void aBrowserThatAnotherOneSignsOutShowsThatItsSessionEnded() {
        TestUser user = admin.createUser();
        window.signIn("/logins", user.username(), user.password());
        assertThat(window.page().locator("p-live .live-on")).isVisible();
        ConsoleWindow other = open();
        other.signIn("/me/devices", user.username(), user.password());
        Locator devices = other.page().locator("ul.items li");
        assertThat(devices).hasCount(2);

        other.button("Sign out").click();

        assertThat(devices).hasCount(1);
        assertThat(devices).containsText("This device");
        assertThat(window.button("Sign in again")).isVisible();
    }

    @Test
    void tenCallsAtTheSameTimeRefreshAnExpiredTokenOnce() {
        TestUser user = admin.createUser();
        admin.withRealmSettings(
                Map.of("eventsEnabled", true, "enabledEventTypes", List.of("REFRESH_TOKEN", "REFRESH_TOKEN_ERROR")),
                () -> {
                    signInWithAShortToken(user);

                    Object statuses = window.page().evaluate(TEN_CALLS);

                    assertThat(statuses).isEqualTo(Collections.nCopies(10, 200));
                    assertThat(refreshes(user)).containsExactly("REFRESH_TOKEN");
                });
        // If a refresh token had been used twice, Keycloak would refuse all tokens of the session
        window.at("/me");
        assertThat(window.field("User name")).hasValue(user.username());
    }

    /** Signs in with an access token that has expired when this returns. The next one has the usual lifetime. */
    private void signInWithAShortToken(TestUser user) {
        // This page calls no API, so the console does not need the token before the ten calls
        admin.withRealmSettings(
                Map.of("accessTokenLifespan", TOKEN_LIFETIME.toSeconds()),
                () -> window.signIn("/logins/new", user.username(), user.password()));
        Instant expired = Instant.now().plus(TOKEN_LIFETIME);
        await().until(() -> Instant.now().isAfter(expired));
    }

    /** The types of the events of all refreshes of the user's tokens. */
    private List<String> refreshes(TestUser user) {
        return admin.get("/events?user=" + user.id())
                .valueStream()
                .map(event -> event.path("type").asString(""))
                .toList();
    }

    @Test
    void aSignOutAppliesToAllTabs() {
        TestUser user = admin.createUser();
        window.signIn("/logins", user.username(), user.password());
        Page second = window.context().newPage();
        second.navigate(system.console() + "/accounts");
        second.locator("main h1").waitFor();

        window.button(user.username()).click();
        window.button("Sign out").click();

        assertThat(window.link("Sign in")).isVisible();
        assertThat(second.getByRole(
                        AriaRole.LINK,
                        new Page.GetByRoleOptions().setName("Sign in").setExact(true)))
                .isVisible();
        window.page().goBack();
        assertThat(window.page().locator("#username")).isVisible();
    }

    @Test
    void theBrowserHasNoTokenAndScriptsCannotReadTheCookie() {
        TestUser user = admin.createUser();
        window.signIn("/logins", user.username(), user.password());

        List<Cookie> cookies = window.context().cookies(system.console().toString());
        assertThat(cookies)
                .filteredOn(cookie -> cookie.name.startsWith("perch-"))
                .isNotEmpty()
                .allSatisfy(cookie -> {
                    assertThat(cookie.httpOnly).isTrue();
                    assertThat(cookie.value).doesNotContain("eyJ");
                });
        assertThat(window.page()
                        .evaluate("() => document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })"))
                .asString()
                .doesNotContain("eyJ");
    }
}
