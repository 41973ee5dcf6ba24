package io.perch.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.AuthApi;
import io.perch.systemtests.client.Mailbox;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.Token;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A user who registered with the auth API can also sign in in the browser. */
@PerchSystemTest
class ApiThenBrowserIT {

    private final PerchSystem system;
    private final AuthApi authApi;

    @AutoClose
    private final Chromium chromium = Chromium.start();

    ApiThenBrowserIT(PerchSystem system) {
        this.system = system;
        this.authApi = new AuthApi(system);
    }

    @Test
    void aUserRegisteredByApiCanSignInAtTheFrontEnd() {
        String email = "api-" + UUID.randomUUID() + "@perch.example";
        String password = UUID.randomUUID().toString();
        String userId = register(email, password);

        FrontEnd frontEnd = new FrontEnd(system);
        Page page = frontEnd.signInPage(chromium, true);
        page.fill("#username", email);
        page.fill("#password", password);
        Answer tokens = frontEnd.awaitTokens(page, () -> page.click("#kc-login"));

        Token token = Token.access(tokens);
        assertThat(token.claim("sub")).isEqualTo(userId);
        assertThat(token.claim("azp")).isEqualTo("perch-web");
    }

    /** Registers, verifies the e-mail address and signs in with the API. Returns the user's id. */
    private String register(String email, String password) {
        Answer registered = authApi.post("/register", Map.of("email", email, "password", password));
        assertThat(registered.status()).as(registered.body()).isEqualTo(201);
        assertThat(registered.json().path("verification_required").asBoolean()).isTrue();

        String code = Mailbox.of(system, email).awaitCode(1);
        Answer verified = authApi.post(
                "/verify-email",
                Map.of("email", email, "code", code, "registration_token", registered.field("registration_token")));
        assertThat(verified.status()).as(verified.body()).isEqualTo(200);

        Answer login = authApi.post("/login", Map.of("email", email, "password", password));
        assertThat(login.status()).as(login.body()).isEqualTo(200);
        assertThat(PerchApi.withToken(system, login.field("access_token"))
                        .get("/tasks")
                        .status())
                .isEqualTo(200);
        return registered.field("user_id");
    }
}
