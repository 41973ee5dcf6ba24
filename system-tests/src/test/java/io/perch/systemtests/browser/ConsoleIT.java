package io.perch.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.TestUser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** User journeys through the web console in a real browser, with the running system. */
@PerchSystemTest
class ConsoleIT {

    private static final int MAX_BYTES = 100_000;
    private static final int MAX_ROWS = 200;
    private static final int LIVE_TASKS = 250;

    private final PerchSystem system;

    @AutoClose
    private final Chromium chromium = Chromium.start();

    @AutoClose
    private final KeycloakAdmin admin;

    private final ConsoleWindow window;

    ConsoleIT(PerchSystem system) {
        this.system = system;
        this.admin = new KeycloakAdmin(system);
        this.window = ConsoleWindow.open(system, chromium);
    }

    @AfterEach
    void noScriptFails() {
        window.assertNoFaults();
    }

    @Test
    void aNewUserSubmitsALoginAndAnswersItsCode() {
        TestUser user = admin.createUser();
        window.at("/");
        assertThat(window.page().getByText("perch-demo-alice")).isVisible();

        window.signIn("/", user.username(), user.password());
        assertThat(window.page().getByText("You have no logins yet")).isVisible();
        window.link("challenge_me").click();
        window.shown();
        assertThat(window.field("X user name")).hasValue("challenge_me");
        window.submitLogin("challenge_me");

        Locator code = window.field("Code");
        code.waitFor();
        window.page()
                .getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Perch"))
                .click();
        window.shown();
        assertThat(window.page().getByText("1 login asks for a code")).isVisible();
        assertThat(window.page()).hasTitle(Pattern.compile("\\(1\\) Logins.*"));
        window.field("Code").fill("111 111");
        window.button("Send code").click();
        assertThat(window.page().getByText("That code was wrong")).isVisible();
        window.field("Code").fill("123-456");
        window.button("Send code").click();
        assertThat(window.page().locator("table .state.success")).isVisible();
        assertThat(window.page().locator(".codes")).hasCount(0);
    }

    @Test
    void aLoginShowsItsHistoryWhileItRuns() {
        TestUser user = admin.createUser();
        window.signIn("/logins/new", user.username(), user.password());

        window.submitLogin("flaky_me");
        assertThat(window.page().locator(".timeline")).containsText("X was unavailable");
        assertThat(window.page().locator(".timeline")).containsText("Attempt 2 follows in");
        assertThat(window.page().locator("h1")).hasText("flaky_me");

        window.at("/logins/new");
        window.submitLogin("limited_me");
        assertThat(window.page().locator(".facts .state")).hasText("Retrying");
        window.button("Cancel login").click();
        window.page()
                .locator("dialog")
                .getByText("Cancel login", new Locator.GetByTextOptions().setExact(true))
                .click();
        assertThat(window.page().locator(".facts .state")).hasText("Cancelled");
    }

    @ParameterizedTest
    @CsvSource({
        "en-US, Log in, 3 fields need a change, A plus sign and 7 to 15 digits",
        "de-DE, Einloggen, 3 Felder stimmen noch nicht, Ein Plus und 7 bis 15 Ziffern"
    })
    void eachInvalidFieldShowsItsError(String locale, String send, String summary, String phone) {
        TestUser user = admin.createUser();
        ConsoleWindow own = ConsoleWindow.open(system, chromium, new NewContextOptions().setLocale(locale));
        own.signIn("/logins/new", user.username(), user.password());

        own.page().fill("#field-username", "no-such-name");
        own.page().fill("#field-phone_number", "004930231250");
        own.button(send).click();

        assertThat(own.page().locator(".problem strong")).hasText(summary);
        assertThat(own.page().locator("#field-phone_number-error")).containsText(phone);
        assertThat(own.page().locator("#field-phone_number")).hasAttribute("aria-invalid", "true");
        assertThat(own.page().locator("#field-username")).hasValue("no-such-name");
        assertThat(own.page().locator(".problem")).isFocused();
        assertThat(own.accessibilityFaults()).isEmpty();
        own.assertNoFaults();
    }

    @Test
    void anOpenListShowsLoginsOfAnotherBrowser() {
        TestUser user = admin.createUser();
        window.signIn("/logins", user.username(), user.password());
        assertThat(window.page().locator("p-live .live-on")).isVisible();
        ConsoleWindow other = ConsoleWindow.open(system, chromium);
        other.signIn("/logins/new", user.username(), user.password());

        other.submitLogin("perch_demo");

        assertThat(window.page().locator("table").getByText("perch_demo")).isVisible();
        assertThat(window.page().locator("table .state.success")).isVisible();
        other.assertNoFaults();
    }

    @Test
    void anAccountIsDeletedAfterItsNameIsTyped() {
        TestUser user = admin.createUser();
        PerchApi.as(system, user).awaitFinal(PerchApi.as(system, user).submit("perch_demo", "any-password"));
        window.signIn("/accounts", user.username(), user.password());

        window.button("Delete…").click();
        Locator dialog = window.page().locator("dialog");
        Locator delete = dialog.getByText("Delete account", new Locator.GetByTextOptions().setExact(true));
        assertThat(delete).hasAttribute("aria-disabled", "true");
        dialog.locator("input").fill("perch_demo");
        assertThat(delete).hasAttribute("aria-disabled", "false");
        delete.click();

        assertThat(window.page().getByText("You have no accounts yet")).isVisible();
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

    @Test
    void aFailedLoginIsRetriedAndTheAuditLogShowsIt() {
        TestUser user = admin.createUser();
        PerchApi.as(system, user).awaitFinal(PerchApi.as(system, user).submit("wrong_me", "any-password"));
        window.signIn("/moderation?status=failure&user_id=" + user.id(), "ada", "perch-demo-ada");

        window.button("Retry").first().click();
        assertThat(window.page().locator("main")).not().containsText("Not retried");
        window.at("/admin/audit?action=task.retried");
        assertThat(window.page().locator("table")).containsText("task.retried");
        window.at("/admin/users?search=" + user.username());
        assertThat(window.page().locator("table")).containsText(user.username() + "@perch.example");
    }

    @Test
    void allMatchesAreRetriedAfterAConfirmation() {
        TestUser user = admin.createUser();
        PerchApi api = PerchApi.as(system, user);
        for (int i = 0; i < 3; i++) {
            api.awaitFinal(api.submit("wrong_me", "any-password"));
        }
        window.signIn("/moderation?status=failure&user=" + user.username(), "mona", "perch-demo-mona");
        Page page = window.page();
        assertThat(page.getByText("3 match")).isVisible();
        assertThat(page.getByRole(AriaRole.TABLE, new Page.GetByRoleOptions().setName("Moderation")))
                .containsText(user.username());

        window.button("Retry all that match…").click();
        page.getByLabel("Only those that may succeed another time (0)").uncheck();
        window.button("Retry 3").click();

        assertThat(page.getByText("Ended: 3 of 3")).isVisible();
    }

    /** An answer that arrives after the filter has changed is for another list. */
    @Test
    void aLateAnswerDoesNotReplaceTheRowsOfANewFilter() {
        TestUser user = admin.createUser();
        PerchApi api = PerchApi.as(system, user);
        api.awaitFinal(api.submit("wrong_me", "any-password"));
        window.signIn("/moderation?user=" + user.username(), "mona", "perch-demo-mona");
        Page page = window.page();
        assertThat(page.locator("table .state.failure")).isVisible();
        // The next answer for this list is held back until the list has another filter
        var held = new ArrayList<Route>();
        page.route(url -> url.contains("/api/admin/tasks?user=") && !url.contains("account="), held::add);

        api.awaitFinal(api.submit("perch_demo", "any-password"));
        page.waitForCondition(() -> !held.isEmpty());
        window.field("Account").fill("nobody");
        window.field("Account").press("Enter");
        assertThat(page.getByText("No results")).isVisible();
        Response late = page.waitForResponse(
                response -> response.request().equals(held.get(0).request()),
                () -> held.get(0).resume());
        late.finished();
        // The script of the page handles the answer before this
        page.evaluate("() => new Promise((done) => setTimeout(done, 200))");

        assertThat(page.getByText("No results")).isVisible();
        assertThat(page.locator("table .state.failure")).hasCount(0);
    }

    @Test
    void aListWithManyEventsLimitsItsRowsAndSkipsNoOlderLogin() {
        TestUser user = admin.createUser();
        window.signIn("/accounts", user.username(), user.password());
        Page page = window.page();
        var pages = new AtomicInteger();
        page.route(
                url -> url.contains("/api/tasks?") && url.contains("limit=20") && !url.contains("status="),
                route -> route.fulfill(json("{\"items\":[%s],\"next\":\"page-%d\"}"
                        .formatted(task(LIVE_TASKS * pages.get()), pages.incrementAndGet()))));
        page.route(
                url -> url.endsWith("/api/tasks/events"),
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("text/event-stream")
                        .setBody(IntStream.rangeClosed(1, LIVE_TASKS)
                                .mapToObj(number -> "event: task\ndata: " + task(number) + "\n\n")
                                .collect(Collectors.joining()))));

        window.link("Logins").click();

        Locator rows = page.locator("table:has(caption) tbody tr");
        assertThat(page.getByText("account_" + LIVE_TASKS, new Page.GetByTextOptions().setExact(true)))
                .isVisible();
        assertThat(rows.count()).isLessThanOrEqualTo(MAX_ROWS);
        assertThat(window.link("Older logins")).hasAttribute("href", "?after=page-2");
        assertThat(rows).hasCount(1);
        assertThat((Integer)
                        page.evaluate("() => document.querySelector('table:has(caption) tbody').childNodes.length"))
                .as("nodes of a list of one row, also those that show nothing")
                .isLessThan(10);
    }

    @Test
    void aModeratorCancelsALoginOfAnotherUser() {
        TestUser user = admin.createUser();
        PerchApi api = PerchApi.as(system, user);
        String taskId = api.submit("challenge_me", "any-password");
        window.signIn("/moderation/" + taskId, "mona", "perch-demo-mona");
        assertThat(window.page().locator("main")).containsText(user.username());

        window.button("Cancel login").click();
        window.page()
                .locator("dialog")
                .getByText("Cancel login", new Locator.GetByTextOptions().setExact(true))
                .click();

        assertThat(window.page().locator("main")).containsText("Cancelled");
    }

    @Test
    void aPageOfAnotherRoleShowsThatAccessIsRefused() {
        TestUser user = admin.createUser();
        window.signIn("/admin/users", user.username(), user.password());

        assertThat(window.page().locator("h1")).hasText("You have no access to this page");
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

    /** A finished login as the API returns it. */
    private static String task(int number) {
        Instant at = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(number);
        return """
                {"task_id":"task-%1$d","username":"account_%1$d","status":"success","attempts":1,"created_at":"%2$s",\
                "updated_at":"%2$s","completed_at":"%2$s","history":[]}""".formatted(number, at);
    }

    private static Route.FulfillOptions json(String body) {
        return new Route.FulfillOptions().setContentType("application/json").setBody(body);
    }
}
