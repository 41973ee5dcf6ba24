package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** The answer of the old routes while Keycloak is unavailable. */
@ResourceServerTest
@DirtiesContext
@TestPropertySource(properties = "KEYCLOAK_AUTH_API_URI=http://127.0.0.1:1/realms/perch/auth-api/v1/")
class OldRoutesOutageTest {

    private final Api api;

    @Autowired
    OldRoutesOutageTest(Api api) {
        this.api = api;
    }

    @Test
    void theAnswerIs503WithRetryAfter() {
        assertThat(api.withToken(null)
                        .post("/login", "{\"username\": \"bob\", \"password\": \"secret\"}")
                        .isProblem(503, "service-unavailable")
                        .header("Retry-After"))
                .isEqualTo("5");
    }
}
