package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** The answer if no key was ever read. */
@ResourceServerTest
@DirtiesContext
@TestPropertySource(properties = TestServices.OWN_SERVER + "=KeyOutageTest")
class KeyOutageTest {

    private final Api api;
    private final AuthorizationServer authorizationServer;

    @Autowired
    KeyOutageTest(Api api, AuthorizationServer authorizationServer) {
        this.api = api;
        this.authorizationServer = authorizationServer;
    }

    @Test
    void withoutKeysTheAnswerIs503WithRetryAfter() {
        Caller user = api.asNewUser();
        authorizationServer.stop();
        for (int i = 0; i < 5; i++) {
            unavailable(user.get("/tasks"));
        }
        assertThat(api.withToken(null).get("/").status()).isEqualTo(200);
    }

    private static void unavailable(Answer answer) {
        answer.isProblem(503, "service-unavailable");
        assertThat(answer.header("Retry-After")).isEqualTo("5");
    }
}
