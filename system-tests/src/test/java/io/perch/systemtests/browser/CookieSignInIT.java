package io.perch.systemtests.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.client.TestUser;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** After a sign-in at the old authentication system's routes, the browser has a cookie that scripts cannot read. */
@PerchSystemTest
class CookieSignInIT {

    /** A script of a page. It returns the status of each response, and once the cookies that the script can read. */
    private static final String SIGN_IN = """
            async ([api, username, password]) => {
              const call = (method, path, body) => fetch(api + path, {
                method, credentials: 'include',
                headers: body ? {'Content-Type': 'application/json'} : {},
                body: body && JSON.stringify(body),
              }).then(answer => answer.status);
              return [
                await call('GET', '/tasks'),
                await call('POST', '/balance_hub/auth/login', {username, password}),
                await call('GET', '/tasks'),
                await call('PUT', '/balance_hub/auth/update-user', {first_name: 'Ada'}),
                document.cookie,
                await call('POST', '/balance_hub/auth/logout'),
                await call('GET', '/tasks'),
              ];
            }
            """;

    private final PerchSystem system;

    @AutoClose
    private final Chromium chromium = Chromium.start();

    @AutoClose
    private final KeycloakAdmin admin;

    CookieSignInIT(PerchSystem system) {
        this.system = system;
        this.admin = new KeycloakAdmin(system);
    }

    @Test
    void aFrontEndPageSignsInAndOut() throws IOException {
        HttpServer frontEnd = serveFrontEnd();
        try {
            assertThatAPageSignsInAndOut(PerchRealm.FRONTEND_URL);
        } finally {
            frontEnd.stop(0);
        }
    }

    @Test
    void aPageFromTheApisOriginSignsInAndOut() {
        assertThatAPageSignsInAndOut(system.api() + "/docs");
    }

    private void assertThatAPageSignsInAndOut(String url) {
        TestUser user = admin.createUser();
        Page page = chromium.open(true);
        page.navigate(url);

        Object seen = page.evaluate(SIGN_IN, List.of(system.api().toString(), user.username(), user.password()));

        assertThat(seen).isEqualTo(List.of(401, 200, 200, 200, "", 200, 401));
    }

    /** Serves an empty page at the address of the front end. Skips the test if another server uses that address. */
    private static HttpServer serveFrontEnd() throws IOException {
        URI url = URI.create(PerchRealm.FRONTEND_URL);
        try {
            HttpServer server =
                    HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort()), 0);
            server.createContext("/", exchange -> {
                exchange.getResponseHeaders().set("Content-Type", "text/html");
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
            return server;
        } catch (BindException e) {
            return abort("another server uses " + url);
        }
    }
}
