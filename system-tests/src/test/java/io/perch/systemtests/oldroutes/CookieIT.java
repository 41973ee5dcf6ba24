package io.perch.systemtests.oldroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The cookie of the authentication system: its attributes, its validity and its removal. */
class CookieIT extends CookieTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int TOKEN_LIFE = 900;

    CookieIT(PerchSystem system) {
        super(system);
    }

    @BeforeEach
    void onlyWithoutTls() {
        assumeTrue("http".equals(system.api().getScheme()), "With TLS the cookie has another name");
    }

    @Test
    void theCookieIsHttpOnlyAndSameSiteStrict() {
        assertThat(cookie.name()).isEqualTo("access_token");
        assertThat(cookie.attributes())
                .contains("httponly", "samesite=strict", "path=/")
                .noneMatch(attribute -> attribute.startsWith("domain"))
                .doesNotContain("secure");
        assertThat(login.body()).doesNotContain(cookie.value());
    }

    @Test
    void theCookieIsValidAsLongAsItsToken() {
        String maxAge = cookie.attributes().stream()
                .filter(attribute -> attribute.startsWith("max-age="))
                .findFirst()
                .orElseThrow();
        assertThat(Integer.parseInt(maxAge.substring("max-age=".length()))).isBetween(TOKEN_LIFE - 60, TOKEN_LIFE);
    }

    @Test
    void theCookieIsAcceptedByTheWholeApi() {
        assertStatus(http.get(at("/tasks"), cookie.header()), 200);
        assertStatus(http.get(at("/api/v1/users/me"), cookie.header()), 200);
        Answer submitted = http.json("POST", at("/twitter-login"), cookie.header(), TWITTER_LOGIN);
        assertStatus(submitted, 202);
        assertThat(elsewhere()
                        .awaitFinal(submitted.field("task_id"))
                        .path("status")
                        .asString())
                .isEqualTo("success");
    }

    @Test
    void aTokenInTheHeaderHasPriority() {
        Answer answer = http.get(at("/tasks"), cookieAnd(Map.of("Authorization", "Bearer garbage")));

        assertProblem(answer, 401);
    }

    @Test
    void aSignOutRemovesTheCookieAndEndsItsSession() {
        Answer logout = http.send("POST", at("/balance_hub/auth/logout"), cookie.header(), "");

        assertMessage(logout);
        Cookie gone = Cookie.of(logout);
        assertThat(gone.name()).isEqualTo(cookie.name());
        assertThat(gone.value()).isEmpty();
        assertThat(gone.attributes()).contains("max-age=0", "path=/");
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> http.get(at("/tasks"), cookie.header()).status() == 401);
    }

    @Test
    void aUserCanSignInAgainWithAnExpiredCookie() {
        assertMessage(http.send("POST", at("/balance_hub/auth/logout"), cookie.header(), ""));
        awaitEnd(cookie.value());

        Answer again = http.json(
                "POST",
                at("/balance_hub/auth/login"),
                cookie.header(),
                "{\"username\": \"" + user.username() + "\", \"password\": \"" + user.password() + "\"}");

        assertMessage(again);
        assertStatus(http.get(at("/tasks"), Cookie.of(again).header()), 200);
    }
}
