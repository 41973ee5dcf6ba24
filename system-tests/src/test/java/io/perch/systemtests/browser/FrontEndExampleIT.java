package io.perch.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.client.TestUser;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The page without a backend from {@code docs/front-ends.md}, at the address of its client. */
@PerchSystemTest
class FrontEndExampleIT {

    private static final Path FOLDER = Path.of("..", "examples", "front-end");
    private static final Path LIBRARY = FOLDER.resolve("node_modules/oauth4webapi/build/index.js");
    private static final String ORIGIN = PerchRealm.REDIRECT_URI.replace("/callback", "");

    private final PerchSystem system;

    @AutoClose
    private final Chromium chromium = Chromium.start();

    @AutoClose
    private final KeycloakAdmin admin;

    FrontEndExampleIT(PerchSystem system) {
        this.system = system;
        this.admin = new KeycloakAdmin(system);
    }

    @Test
    void theExampleSignsInCallsTheApiRefreshesAndSignsOut() {
        Assumptions.assumeTrue(Files.exists(LIBRARY), "run 'npm ci' in examples/front-end");
        TestUser user = admin.createUser();
        Page page = chromium.open(true);
        // The page has no real server on this machine. Without this permission Chromium asks the user before the page
        // may call local servers
        page.context().grantPermissions(List.of("local-network-access"));
        List<String> faults = new CopyOnWriteArrayList<>();
        page.onPageError(faults::add);
        List<Request> refreshes = new CopyOnWriteArrayList<>();
        page.onRequest(request -> {
            if (String.valueOf(request.postData()).contains("grant_type=refresh_token")) {
                refreshes.add(request);
            }
        });
        page.route(ORIGIN + "/**", this::serve);
        page.clock().install();

        page.navigate(ORIGIN + "/");
        page.click("#sign-in");
        ConsoleWindow.enter(page, user.username(), user.password());
        assertThat(page.locator("#state")).hasText("Signed in");
        page.click("#submit");
        assertThat(page.locator("#tasks")).containsText("perch_demo: success");

        page.clock().fastForward("14:45");
        page.evaluate("() => { for (let i = 0; i < 3; i++) document.querySelector('#submit').click(); }");
        assertThat(page.locator("#tasks li")).hasCount(4);
        assertThat(refreshes).hasSize(1);

        page.click("#sign-out");
        assertThat(page.locator("#state")).hasText("Not signed in");
        page.click("#sign-in");
        assertThat(page.locator("#username")).isVisible();
        assertThat(faults).isEmpty();
    }

    private void serve(Route route) {
        String path = URI.create(route.request().url()).getPath();
        Route.FulfillOptions answer = new Route.FulfillOptions();
        switch (path) {
            case "/", "/callback" -> answer.setPath(FOLDER.resolve("index.html"));
            case "/app.js" -> answer.setPath(FOLDER.resolve("app.js"));
            case "/oauth4webapi.js" -> answer.setPath(LIBRARY);
            case "/settings.json" ->
                answer.setContentType("application/json")
                        .setBody("{\"issuer\":\"%s/realms/perch\",\"api\":\"%s\"}"
                                .formatted(system.keycloak(), system.api()));
            default -> answer.setStatus(404);
        }
        route.fulfill(answer);
    }
}
