package io.perch.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.TestUser;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The open list of logins in the web console shows what changes. */
class ConsoleLiveListIT extends ConsoleTest {

    private static final int MAX_ROWS = 200;
    private static final int LIVE_TASKS = 250;

    ConsoleLiveListIT(PerchSystem system) {
        super(system);
    }

    @Test
    void anOpenListShowsLoginsOfAnotherBrowser() {
        TestUser user = admin.createUser();
        window.signIn("/logins", user.username(), user.password());
        assertThat(window.page().locator("p-live .live-on")).isVisible();
        ConsoleWindow other = open();
        other.signIn("/logins/new", user.username(), user.password());

        other.submitLogin("perch_demo");

        assertThat(window.page().locator("table").getByText("perch_demo")).isVisible();
        assertThat(window.page().locator("table .state.success")).isVisible();
    }

    @Test
    void aCodeOfOneBrowserIsAnsweredInAnother() {
        TestUser user = admin.createUser();
        window.signIn("/logins", user.username(), user.password());
        ConsoleWindow other = open();
        other.signIn("/logins/new", user.username(), user.password());
        other.submitLogin("challenge_me");
        other.field("Code").waitFor();

        window.field("Code").fill("123456");
        window.button("Send code").click();

        assertThat(other.page().locator(".facts .state.success")).isVisible();
        assertThat(other.field("Code")).hasCount(0);
        assertThat(window.page().locator("table .state.success")).isVisible();
        assertThat(window.page().locator(".codes")).hasCount(0);
    }

    @Test
    void afterANetworkCutTheListShowsWhatHasChangedMeanwhile() {
        TestUser user = admin.createUser();
        PerchApi api = PerchApi.as(system, user);
        String open = api.submit("challenge_me", "any-password");
        window.signIn("/logins", user.username(), user.password());
        Locator live = window.page().locator("p-live");
        assertThat(live).containsText("Live");
        window.field("Code").waitFor();

        window.setOffline(true);
        assertThat(live).containsText("Stale since");
        api.awaitFinal(api.submit("perch_demo", "any-password"));
        assertThat(api.post("/tasks/" + open + "/challenge", "{\"code\":\"123456\"}")
                        .status())
                .isEqualTo(202);
        api.awaitFinal(open);
        assertThat(window.field("Code")).isVisible();
        assertThat(window.page().locator("table")).not().containsText("perch_demo");
        window.assertAccessible();

        window.setOffline(false);
        assertThat(window.page().locator("table .state.success")).hasCount(2);
        assertThat(window.page().locator("table")).containsText("perch_demo");
        assertThat(window.page().locator(".codes")).hasCount(0);
        assertThat(live).containsText("Live");
        assertThat(live).not().containsText("Stale");
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

    /** A finished login as the API returns it. */
    private static String task(int number) {
        Instant at = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(number);
        return """
            {"task_id":"task-%1$d","username":"account_%1$d","status":"success","attempts":1,"created_at":"%2$s",\
            "updated_at":"%2$s","completed_at":"%2$s","history":[]}\
            """.formatted(number, at);
    }

    private static Route.FulfillOptions json(String body) {
        return new Route.FulfillOptions().setContentType("application/json").setBody(body);
    }
}
