package io.perch.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.client.TestUser;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A sign-out in the account console ends the session everywhere. */
@PerchSystemTest
class SignOutIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final PerchSystem system;

    @AutoClose
    private final Chromium chromium = Chromium.start();

    @AutoClose
    private final KeycloakAdmin admin;

    SignOutIT(PerchSystem system) {
        this.system = system;
        this.admin = new KeycloakAdmin(system);
    }

    @Test
    void aSignOutInTheAccountConsoleEndsTheTokens() {
        TestUser user = admin.createUser();
        FrontEnd frontEnd = new FrontEnd(system);
        Page page = frontEnd.signInPage(chromium, true);
        page.fill("#username", user.username());
        page.fill("#password", user.password());
        Answer tokens = frontEnd.awaitTokens(page, () -> page.click("#kc-login"));
        PerchApi api = PerchApi.withToken(system, tokens.field("access_token"));
        assertThat(api.get("/tasks").status()).isEqualTo(200);
        PerchApi elsewhere = PerchApi.as(system, user);

        page.navigate(new PerchRealm(system).endpoint("/account").toString());
        page.getByTestId("options-toggle").click();
        page.waitForResponse(Pattern.compile(".*/protocol/openid-connect/logout.*"), () -> page.getByRole(
                        AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("Sign out"))
                .click());

        Answer refused = await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> api.get("/tasks"), answer -> answer.status() != 200);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("WWW-Authenticate").orElseThrow()).contains("invalid_token");
        assertThat(elsewhere.get("/tasks").status())
                .as("another session of the user")
                .isEqualTo(200);
    }
}
