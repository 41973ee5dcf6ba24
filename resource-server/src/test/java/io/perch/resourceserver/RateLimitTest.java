package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@ResourceServerTest
class RateLimitTest {

    private final Api api;

    @Autowired
    RateLimitTest(Api api) {
        this.api = api;
    }

    @Test
    void theSixthLoginInAMinuteIsRefused() {
        Caller user = api.asNewUser();
        Answer accepted = user.post("/twitter-login", Api.login("often_0"));
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.header("RateLimit-Policy")).isEqualTo("\"twitter-login\";q=5;w=60");
        assertThat(accepted.header("RateLimit")).matches("\"twitter-login\";r=4;t=1[12]");
        for (int i = 1; i < 5; i++) {
            user.submit("often_" + i);
        }

        Answer refused = user.post("/twitter-login", Api.login("often_5")).isProblem(429, "too-many-requests");

        String retryAfter = refused.header("Retry-After");
        assertThat(Integer.parseInt(retryAfter)).isBetween(1, 12);
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"twitter-login\";q=5;w=60");
        assertThat(refused.header("RateLimit")).isEqualTo("\"twitter-login\";r=0;t=" + retryAfter);
        assertThat(user.get("/tasks").body().path("items")).hasSize(5);
        assertThat(user.get("/twitter-accounts").body().path("items")).hasSize(5);
        api.asNewUser().submit("unaffected");
    }

    @Test
    void theFrontEndMayReadTheRateLimitHeaders() {
        Caller user = api.asNewUser();

        Answer answer = user.send(user.request("/tasks").header("Origin", "https://app.perch.example"));

        assertThat(answer.header("Access-Control-Expose-Headers")).contains("RateLimit,", "RateLimit-Policy");
    }

    @Test
    void invalidRequestsAreNotCounted() {
        Caller user = api.asNewUser();
        for (int i = 0; i < 10; i++) {
            user.post("/twitter-login", "{}").isProblem(400, "invalid-request");
        }

        user.submit("valid");
    }
}
