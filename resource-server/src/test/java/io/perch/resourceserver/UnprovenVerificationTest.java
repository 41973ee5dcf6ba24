package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Caller;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** A server that verifies no address without a proof of the registration. */
@ResourceServerTest
@DirtiesContext
@TestPropertySource(properties = "OLD_ROUTES_UNPROVEN_VERIFICATION=refuse")
class UnprovenVerificationTest {

    private static final String PATH = "/balance_hub/auth/verify-email";

    private final Caller anybody;
    private final AuthorizationServer server;

    @Autowired
    UnprovenVerificationTest(Api api, AuthorizationServer server) {
        this.anybody = api.withToken(null);
        this.server = server;
    }

    @Test
    void aCodeWithoutProofIsRefused() {
        try (AuthApiRecorder keycloak = new AuthApiRecorder(server)) {
            anybody.post(PATH, "{\"email\": \"bob@perch.example\", \"code\": \"1\"}")
                    .isProblem(403, "forbidden");
            anybody.post(PATH, "{\"code\": \"1\", \"password\": \"\"}").isProblem(403, "forbidden");
            assertThat(keycloak.count()).isZero();

            assertThat(anybody.post(PATH, "{\"code\": \"1\", \"password\": \"p\"}")
                            .status())
                    .isEqualTo(200);
            assertThat(anybody.send(anybody.request(PATH)
                                    .header("Content-Type", "application/json")
                                    .header("Cookie", "__Host-registration_token=proof")
                                    .POST(BodyPublishers.ofString("{\"code\": \"1\"}")))
                            .status())
                    .isEqualTo(200);
            assertThat(keycloak.count()).isEqualTo(2);
        }
    }
}
