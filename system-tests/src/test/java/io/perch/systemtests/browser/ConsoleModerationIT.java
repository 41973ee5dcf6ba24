package io.perch.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.TestUser;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** Moderators and administrators in the web console. */
class ConsoleModerationIT extends ConsoleTest {

    ConsoleModerationIT(PerchSystem system) {
        super(system);
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
}
