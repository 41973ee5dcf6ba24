package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** That a token which was good a moment ago counts no longer than it may. */
@ResourceServerTest
@DirtiesContext
@TestPropertySource(properties = {"perch.keycloak.clock-skew=0s", TestServices.OWN_SERVER + "=VerifiedTokensTest"})
class VerifiedTokensTest {

    private final Api api;
    private final AuthorizationServer server;
    private final MadeUpUserEvents keycloak;

    @Autowired
    VerifiedTokensTest(Api api, AuthorizationServer server, KafkaTemplate<String, byte[]> kafka) {
        this.api = api;
        this.server = server;
        this.keycloak = new MadeUpUserEvents(kafka);
    }

    @Test
    void notAfterItHasExpired() {
        Caller user = api.withToken(server.token(
                "expires",
                List.of("user"),
                claims -> claims.expirationTime(Date.from(Instant.now().plusSeconds(4)))));
        assertAccepted(user);

        await().atMost(Duration.ofSeconds(10)).until(() -> user.get("/tasks").status() == 401);
    }

    @Test
    void notAfterItsSessionHasEnded() {
        SignedIn user = SignedIn.anew();
        Caller caller = user.at(api, server);
        assertAccepted(caller);

        keycloak.of(user.userId(), "logged_out")
                .with("session_id", user.sessionId())
                .send();

        await().atMost(Duration.ofSeconds(10)).until(() -> caller.get("/tasks").status() == 401);
    }

    @Test
    void notAfterItsKeyIsGone() {
        Caller before = api.asNewUser();
        assertAccepted(before);

        server.replaceKeys();
        // A token of the new key has it fetched
        assertAccepted(api.asNewUser());

        before.get("/tasks").isProblem(401, "unauthorized");
    }

    @Test
    void anotherTokenIsNeverTakenForIt() {
        String token = server.token("somebody", "user");
        Caller user = api.withToken(token);
        assertAccepted(user);

        String[] parts = token.split("\\.", -1);
        String other = server.token("somebody-else", "user").split("\\.", -1)[1];
        api.withToken(parts[0] + "." + other + "." + parts[2]).get("/tasks").isProblem(401, "unauthorized");
        api.withToken(parts[0] + "." + parts[1] + "." + "A".repeat(parts[2].length()))
                .get("/tasks")
                .isProblem(401, "unauthorized");
        assertAccepted(user);
    }

    private static void assertAccepted(Caller user) {
        for (int i = 0; i < 3; i++) {
            assertThat(user.get("/tasks").status()).isEqualTo(200);
        }
    }
}
