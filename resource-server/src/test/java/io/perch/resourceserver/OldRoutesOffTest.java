package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Caller;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** A server without the old routes. */
@ResourceServerTest
@DirtiesContext
@TestPropertySource(properties = "OLD_ROUTES=false")
class OldRoutesOffTest {

    private final Api api;
    private final AuthorizationServer server;

    @Autowired
    OldRoutesOffTest(Api api, AuthorizationServer server) {
        this.api = api;
        this.server = server;
    }

    @Test
    void oldRoutesAreNotFound() {
        api.withToken(null).post("/login", "{}").isProblem(404, "not-found");
        api.asNewUser().post("/login", "{}").isProblem(404, "not-found");
    }

    @Test
    void cookiesAreIgnored() {
        Caller browser = api.withToken(null);
        String cookie = "access_token=" + server.token("a-user", "user");

        browser.send(browser.request("/tasks").header("Cookie", cookie).GET()).isProblem(401, "unauthorized");
        browser.send(browser.request("/twitter-login")
                        .header("Content-Type", "application/json")
                        .header("Cookie", "__Host-" + cookie)
                        .POST(BodyPublishers.ofString(Api.login("perch"))))
                .isProblem(401, "unauthorized");
        assertThat(browser.get("/").status()).isEqualTo(200);
    }

    @Test
    void corsAllowsNoCredentials() {
        Caller browser = api.asNewUser();

        assertThat(browser.send(browser.request("/tasks")
                                .header("Origin", "https://app.perch.example")
                                .GET())
                        .header("Access-Control-Allow-Credentials"))
                .isEmpty();
    }
}
