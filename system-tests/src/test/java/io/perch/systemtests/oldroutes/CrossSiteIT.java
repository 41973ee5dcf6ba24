package io.perch.systemtests.oldroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.PerchRealm;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of other sites cannot use the cookie, even if a browser sends it. Their requests have no effect. */
class CrossSiteIT extends CookieTest {

    private static final String EVIL = "https://evil.example";
    private static final String FRONT_END = PerchRealm.FRONTEND_URL;

    CrossSiteIT(PerchSystem system) {
        super(system);
    }

    static List<Map<String, String>> headersOfForeignPages() {
        return List.of(
                Map.of("Sec-Fetch-Site", "cross-site"),
                Map.of("Sec-Fetch-Site", "cross-site", "Origin", EVIL),
                Map.of("Sec-Fetch-Site", "same-site", "Origin", EVIL),
                Map.of("Origin", EVIL),
                Map.of("Origin", "null"));
    }

    static List<Map<String, String>> headersOfOurPages() {
        return List.of(
                Map.of("Sec-Fetch-Site", "same-origin"),
                Map.of("Sec-Fetch-Site", "same-site", "Origin", FRONT_END),
                Map.of("Origin", FRONT_END));
    }

    @ParameterizedTest
    @MethodSource("headersOfForeignPages")
    void aForeignPageChangesNothing(Map<String, String> headers) {
        assertStatus(http.json("POST", at("/twitter-login"), cookieAnd(headers), TWITTER_LOGIN), 403);
        assertStatus(
                http.json("PUT", at("/balance_hub/auth/update-user"), cookieAnd(headers), "{\"first_name\": \"Eve\"}"),
                403);
        assertStatus(http.send("POST", at("/balance_hub/auth/logout"), cookieAnd(headers), ""), 403);

        assertNothingChanged();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"})
    void aFormChangesNothing(String contentType) {
        Map<String, String> headers = cookieAnd(Map.of("Content-Type", contentType));

        assertStatus(http.send("POST", at("/twitter-login"), headers, TWITTER_LOGIN), 403);
        assertStatus(http.send("POST", at("/balance_hub/auth/logout"), headers, "a=b"), 403);

        assertNothingChanged();
    }

    @ParameterizedTest
    @MethodSource("headersOfOurPages")
    void ourPagesMayChangeData(Map<String, String> headers) {
        assertStatus(http.json("POST", at("/twitter-login"), cookieAnd(headers), TWITTER_LOGIN), 202);
        assertStatus(http.send("POST", at("/balance_hub/auth/logout"), cookieAnd(headers), ""), 200);
    }

    @Test
    void theFrontEndMayReadTheAnswer() {
        Answer answer = http.get(at("/tasks"), cookieAnd(Map.of("Origin", FRONT_END)));

        assertStatus(answer, 200);
        assertThat(answer.header("Access-Control-Allow-Origin")).hasValue(FRONT_END);
        assertThat(answer.header("Access-Control-Allow-Credentials")).hasValue("true");
    }

    @Test
    void preflightRequestsOfTheFrontEndAreAllowed() {
        Answer preflight = preflight(FRONT_END, "PUT");

        assertStatus(preflight, 200);
        assertThat(preflight.header("Access-Control-Allow-Origin")).hasValue(FRONT_END);
        assertThat(preflight.header("Access-Control-Allow-Credentials")).hasValue("true");
        assertThat(preflight.header("Access-Control-Allow-Methods").orElse("")).contains("PUT");
        assertThat(preflight.header("Access-Control-Allow-Headers").orElse("")).containsIgnoringCase("Content-Type");
    }

    @Test
    void preflightRequestsOfForeignPagesAreRefused() {
        Answer preflight = preflight(EVIL, "PUT");

        assertStatus(preflight, 403);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEmpty();
    }

    private Answer preflight(String origin, String method) {
        var headers = new HashMap<String, String>();
        headers.put("Origin", origin);
        headers.put("Access-Control-Request-Method", method);
        headers.put("Access-Control-Request-Headers", "content-type");
        return http.send("OPTIONS", at("/balance_hub/auth/update-user"), headers, "");
    }

    private void assertNothingChanged() {
        assertThat(elsewhere().get("/tasks").json().path("items")).isEmpty();
        Answer me = http.get(at("/api/v1/users/me"), cookie.header());
        assertStatus(me, 200);
        assertThat(me.json().has("first_name")).isFalse();
    }
}
