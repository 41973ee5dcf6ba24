package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** A browser with the access token in a cookie, and requests of foreign pages that try to use it. */
@ResourceServerTest
class TokenInCookieTest {

    private static final String FRONT_END = "https://app.perch.example";

    private final Caller browser;
    private final AuthorizationServer server;
    private String cookie = "";

    @Autowired
    TokenInCookieTest(Api api, AuthorizationServer server) {
        this.browser = api.withToken(null);
        this.server = server;
    }

    @BeforeEach
    void signIn() {
        SignedIn user = SignedIn.newSession();
        cookie = "access_token=" + server.token(user.userId(), "user");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "__Host-"})
    void theCookieIsAcceptedLikeTheHeader(String prefix) {
        assertThat(browser.send(browser.request("/tasks")
                                .header("Cookie", "other=1; " + prefix + cookie)
                                .GET())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void theHeaderHasPriorityOverTheCookie() {
        browser.send(browser.request("/tasks")
                        .header("Cookie", cookie)
                        .header("Authorization", "Bearer nonsense")
                        .GET())
                .isProblem(401, "unauthorized");
        browser.send(browser.request("/tasks")
                        .header("Cookie", cookie)
                        .header("Authorization", "Basic Ym9iOmJvYg==")
                        .GET())
                .isProblem(401, "unauthorized");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "a.b.c", ""})
    void anInvalidCookieIsRefused(String value) {
        browser.send(browser.request("/tasks")
                        .header("Cookie", "access_token=" + value)
                        .GET())
                .isProblem(401, "unauthorized");
    }

    @ParameterizedTest
    @CsvSource({"same-origin", "none"})
    void ownPagesMaySubmit(String site) {
        assertThat(submit("Sec-Fetch-Site", site).status()).isEqualTo(202);
    }

    @Test
    void aClientWithoutFetchMetadataMaySubmit() {
        assertThat(submit().status()).isEqualTo(202);
    }

    @Test
    void theFrontEndMaySubmitFromItsOrigin() {
        Answer answer = submit("Origin", FRONT_END, "Sec-Fetch-Site", "same-site");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(FRONT_END);
        assertThat(answer.header("Access-Control-Allow-Credentials")).isEqualTo("true");
    }

    @Test
    void theCaseOfAnOriginDoesNotMatter() {
        assertThat(submit("Origin", "https://APP.perch.example", "Sec-Fetch-Site", "same-site")
                        .status())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "anything"})
    void foreignPagesAreRefused(String site) {
        submit("Sec-Fetch-Site", site).isProblem(403, "forbidden");
        browser.send(browser.request("/tasks/some-id")
                        .header("Cookie", cookie)
                        .header("Sec-Fetch-Site", site)
                        .DELETE())
                .isProblem(403, "forbidden");
    }

    @Test
    void foreignOriginsAreRefusedWithoutFetchMetadata() {
        for (String origin : List.of("https://evil.example", "null", "http://127.0.0.1:1")) {
            assertThat(submit("Origin", origin).status()).as(origin).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "no type"})
    void formsAreRefused(String type) {
        browser.send(request()
                        .setHeader("Content-Type", type)
                        .header("Sec-Fetch-Site", "same-origin")
                        .POST(BodyPublishers.ofString(Api.login("perch"))))
                .isProblem(403, "forbidden");
    }

    @Test
    void aBodyWithoutAMediaTypeIsRefused() {
        browser.send(browser.request("/twitter-login")
                        .header("Cookie", cookie)
                        .header("Sec-Fetch-Site", "same-origin")
                        .POST(BodyPublishers.ofString(Api.login("perch"))))
                .isProblem(403, "forbidden");
    }

    private Answer submit(String... headers) {
        HttpRequest.Builder request = request().POST(BodyPublishers.ofString(Api.login("perch")));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return browser.send(request);
    }

    private HttpRequest.Builder request() {
        return browser.request("/twitter-login")
                .header("Content-Type", "application/json")
                .header("Cookie", cookie);
    }
}
