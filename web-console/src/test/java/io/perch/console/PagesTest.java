package io.perch.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.console.Keycloak.Grant;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The shell and its files, with a console behind TLS and in read-only mode. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"perch.console.url=https://console.example", "perch.console.read-only=true"})
class PagesTest {

    private static final Pattern INCLUDED = Pattern.compile("(?:href|src)=\"(/[^\"]+)\"|\"(/webjars/[^\"]+\\.js)\"");

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry properties) {
        Servers.register(properties);
    }

    private Browser browser() {
        return new Browser(port);
    }

    private HttpResponse<String> get(String path) {
        return browser().send("GET", path, null, Map.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/logins",
                "/logins/new",
                "/logins/1",
                "/accounts",
                "/me",
                "/me/devices",
                "/moderation",
                "/admin/audit",
                "/signed-in"
            })
    void everyPageHasTheShellAndItsContentSecurityPolicy(String page) throws Exception {
        HttpResponse<String> shell = get(page);

        assertThat(shell.statusCode()).isEqualTo(200);
        assertThat(shell.headers().firstValue("Cache-Control")).hasValue("no-cache");
        Matcher script =
                Pattern.compile("(?s)<script type=\"importmap\">(.*?)</script>").matcher(shell.body());
        assertThat(script.find()).isTrue();
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256")
                        .digest(script.group(1).getBytes(StandardCharsets.UTF_8)));
        assertThat(shell.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self' 'sha256-" + hash + "'", "frame-ancestors 'none'")
                .contains("base-uri 'none'", "object-src 'none'", "require-trusted-types-for 'script'")
                .doesNotContain("unsafe", "http:", "https:", "data:");
        assertThat(shell.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(shell.headers().firstValue("X-Frame-Options")).hasValue("DENY");
        assertThat(shell.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    }

    @Test
    void filesOfTheShellAreCachedForAYear() {
        List<String> included = INCLUDED.matcher(get("/").body())
                .results()
                .map((MatchResult match) -> match.group(1) == null ? match.group(2) : match.group(1))
                .distinct()
                .toList();

        assertThat(included).hasSizeGreaterThan(15);
        assertThat(included).allSatisfy(file -> {
            HttpResponse<String> answer = get(file);
            assertThat(answer.statusCode()).as(file).isEqualTo(200);
            assertThat(answer.headers().firstValue("Cache-Control").orElse(""))
                    .contains("max-age=31536000", "immutable");
        });
    }

    @Test
    void anUnchangedShellIsNotSentAgain() {
        String eTag = get("/").headers().firstValue("ETag").orElseThrow();

        assertThat(browser()
                        .send("GET", "/logins", null, Map.of("If-None-Match", eTag))
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void answersWithUserDataAreNotCached() {
        assertThat(browser().get("/bff/me").headers().firstValue("Cache-Control"))
                .hasValue("no-store");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/application.yml",
                "/assets/../application.yml",
                "/webjars/",
                "/console/js/main.js",
                "/shell.html",
                "/actuator",
                "/env"
            })
    void nothingElseIsServed(String path) {
        assertThat(get(path).statusCode()).isIn(400, 404);
    }

    @Test
    void overTlsTheCookiesHaveTheHostPrefix() {
        Browser browser = browser();
        browser.signIn(Servers.KEYCLOAK, Grant.of("mona", "user", "moderator"), "/signin");

        assertThat(browser.setCookies()).isNotEmpty().allSatisfy(cookie -> assertThat(cookie)
                .startsWith("__Host-perch-")
                .contains("Secure", "Path=/")
                .doesNotContain("Domain"));
    }

    @Test
    void aReadOnlyConsoleRefusesChangesToDataOfOthers() {
        Browser browser = browser();
        browser.signIn(Servers.KEYCLOAK, Grant.of("mona", "user", "moderator"), "/signin");
        Servers.API.forget();

        assertThat(browser.me().path("read_only").asBoolean()).isTrue();
        HttpResponse<String> refused = browser.change("POST", "/api/admin/tasks/1/retry", "");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("urn:perch:problem:read-only");
        assertThat(Servers.API.received()).isEmpty();
        assertThat(browser.get("/api/admin/tasks").statusCode()).isEqualTo(200);
    }
}
