package io.perch.resourceserver;

import static io.perch.resourceserver.RefusedTokens.assertRefused;
import static io.perch.resourceserver.RefusedTokens.awaitRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.kafka.core.KafkaTemplate;

/** An instance knows the ends from before its start, from Kafka or from the database. */
@ResourceServerTest
class RevocationRestartTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Api first;
    private final Environment environment;
    private final AuthorizationServer server;
    private final UserEventFixtures keycloak;
    private final MongoOperations mongo;

    @Autowired
    RevocationRestartTest(
            Api api,
            Environment environment,
            AuthorizationServer server,
            KafkaTemplate<String, byte[]> kafka,
            MongoOperations mongo) {
        this.first = api;
        this.environment = environment;
        this.server = server;
        this.keycloak = new UserEventFixtures(kafka);
        this.mongo = mongo;
    }

    @Test
    void anEndIsKnownAfterARestart() {
        SignedIn session = SignedIn.newSession();
        keycloak.of(session.userId(), "logged_out")
                .with("session_id", session.sessionId())
                .send();
        awaitRefused(session.at(first, server));

        try (SecondInstance third = SecondInstance.start(environment, server)) {
            assertRefused(session.at(third.api(), server));
        }
    }

    @Test
    void anEndInTheDatabaseIsKnownAfterARestartWithoutKafka() {
        SignedIn session = SignedIn.newSession();
        keycloak.of(session.userId(), "logged_out")
                .with("session_id", session.sessionId())
                .send();
        await().atMost(TIMEOUT).until(() -> session.storedEnd(mongo).isPresent());

        try (SecondInstance third = SecondInstance.start(
                environment, server, "spring.kafka.bootstrap-servers=127.0.0.1:1", "perch.security.start-timeout=1s")) {
            assertRefused(session.at(third.api(), server));
            assertThat(SignedIn.newSession()
                            .at(third.api(), server)
                            .get("/tasks")
                            .status())
                    .isEqualTo(200);
            assertThat(first.withToken(null).get("/health/readiness").status()).isEqualTo(200);
        }
    }
}
