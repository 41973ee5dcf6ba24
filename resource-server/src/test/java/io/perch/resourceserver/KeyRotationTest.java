package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/**
 * A new key, and an authorization server that is down. These tests change the server's state, so they have their own.
 */
@ResourceServerTest
@DirtiesContext
@TestPropertySource(properties = TestServices.OWN_SERVER + "=KeyRotationTest")
class KeyRotationTest {

    private final Api api;
    private final AuthorizationServer server;

    @Autowired
    KeyRotationTest(Api api, AuthorizationServer server) {
        this.api = api;
        this.server = server;
    }

    @Test
    void aNewKeyIsFetchedAndAKnownKeyWorksDuringAnOutage() {
        assertThat(api.asNewUser().get("/tasks").status()).isEqualTo(200);

        server.newKey();
        assertThat(api.asNewUser().get("/tasks").status()).isEqualTo(200);

        server.stop();
        assertThat(api.asNewUser().get("/tasks").status()).isEqualTo(200);
        server.newKey();
        api.asNewUser().get("/tasks").isProblem(401, "unauthorized");
    }
}
