package io.perch.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.TestUser;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A user submits logins, answers their codes and deletes an account in the web console. */
class ConsoleLoginsIT extends ConsoleTest {

    ConsoleLoginsIT(PerchSystem system) {
        super(system);
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
        ConsoleWindow own = open(new NewContextOptions().setLocale(locale));
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
}
