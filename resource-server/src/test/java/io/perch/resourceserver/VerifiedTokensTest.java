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

/** The cache of verified tokens does not accept a token for too long. */
@ResourceServerTest
@DirtiesContext
@TestPropertySource(properties = {"perch.keycloak.clock-skew=0s", TestServices.OWN_SERVER + "=VerifiedTokensTest"})
class VerifiedTokensTest {

    private final Api api;
    private final AuthorizationServer server;
    private final UserEventFixtures keycloak;

    @Autowired
    VerifiedTokensTest(Api api, AuthorizationServer server, KafkaTemplate<String, byte[]> kafka) {
        this.api = api;
        this.server = server;
        this.keycloak = new UserEventFixtures(kafka);
    }

    @Test
    void anExpiredTokenIsRefused() {
        Caller user = api.withToken(server.token(
                "expires",
                List.of("user"),
                claims -> claims.expirationTime(Date.from(Instant.now().plusSeconds(4)))));
        assertAccepted(user);

        await().atMost(Duration.ofSeconds(10)).until(() -> user.get("/tasks").status() == 401);
    }

    @Test
    void aTokenOfAnEndedSessionIsRefused() {
        SignedIn user = SignedIn.newSession();
        Caller caller = user.at(api, server);
        assertAccepted(caller);

        keycloak.of(user.userId(), "logged_out")
                .with("session_id", user.sessionId())
                .send();

        await().atMost(Duration.ofSeconds(10)).until(() -> caller.get("/tasks").status() == 401);
    }

    @Test
    void aTokenWithARemovedKeyIsRefused() {
        Caller before = api.asNewUser();
        assertAccepted(before);

        server.replaceKeys();
        // A token with the new key makes the server fetch the keys
        assertAccepted(api.asNewUser());

        before.get("/tasks").isProblem(401, "unauthorized");
    }

    @Test
    void aChangedTokenIsNotTakenFromTheCache() {
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
