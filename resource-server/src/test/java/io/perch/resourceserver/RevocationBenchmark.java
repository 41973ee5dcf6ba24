package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * Measures the time from the publication of a session's end until two instances refuse its token, for a hundred
 * sessions. It is not part of the tests; {@code mvn -pl resource-server test -Dtest=RevocationBenchmark} runs it.
 */
@ResourceServerTest
class RevocationBenchmark {

    private static final int SESSIONS = 100;
    private static final int WARM_UP = 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Api first;
    private final Environment environment;
    private final AuthorizationServer server;
    private final UserEventFixtures keycloak;

    @Autowired
    RevocationBenchmark(
            Api api, Environment environment, AuthorizationServer server, KafkaTemplate<String, byte[]> kafka) {
        this.first = api;
        this.environment = environment;
        this.server = server;
        this.keycloak = new UserEventFixtures(kafka);
    }

    @Test
    void timeUntilTwoInstancesRefuseATokenOfAnEndedSession() {
        try (SecondInstance second = SecondInstance.start(environment, server)) {
            for (int i = 0; i < WARM_UP; i++) {
                millis(second.api());
            }
            List<Double> millis = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                millis.add(millis(second.api()));
            }
            millis.sort(Double::compare);
            System.out.printf(
                    "%d sessions, from the event's sending until both instances refuse: p50 %.0f ms, p99 %.0f ms, max %.0f ms%n",
                    SESSIONS, millis.get(SESSIONS / 2), millis.get(SESSIONS * 99 / 100 - 1), millis.get(SESSIONS - 1));
        }
    }

    private double millis(Api second) {
        SignedIn session = SignedIn.newSession();
        Caller here = session.at(first, server);
        Caller there = second.as(here);
        assertThat(here.get("/tasks").status()).isEqualTo(200);
        assertThat(there.get("/tasks").status()).isEqualTo(200);
        long sent = System.nanoTime();
        keycloak.of(session.userId(), "logged_out")
                .with("session_id", session.sessionId())
                .send();
        CompletableFuture<Long> other = CompletableFuture.supplyAsync(() -> refusedAt(there));
        long end = Math.max(refusedAt(here), other.join());
        return (end - sent) / 1e6;
    }

    private static long refusedAt(Caller caller) {
        Instant deadline = Instant.now().plus(TIMEOUT);
        while (caller.get("/tasks").status() != 401) {
            assertThat(Instant.now()).isBefore(deadline);
        }
        return System.nanoTime();
    }
}
