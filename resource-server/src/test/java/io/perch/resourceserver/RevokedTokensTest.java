package io.perch.resourceserver;

import static io.perch.resourceserver.RefusedTokens.awaitRefused;
import static io.perch.resourceserver.UserEventFixtures.inASecond;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.kafka.core.KafkaTemplate;

/** Which tokens an end makes void, and which ones it leaves valid. */
@ResourceServerTest
class RevokedTokensTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Api first;
    private final AuthorizationServer server;
    private final UserEventFixtures keycloak;
    private final MongoOperations mongo;

    @Autowired
    RevokedTokensTest(Api api, AuthorizationServer server, KafkaTemplate<String, byte[]> kafka, MongoOperations mongo) {
        this.first = api;
        this.server = server;
        this.keycloak = new UserEventFixtures(kafka);
        this.mongo = mongo;
    }

    @Test
    void aSignOutDoesNotEndOtherSessions() {
        SignedIn session = SignedIn.newSession();
        Caller here = session.at(first, server);

        keycloak.of(session.userId(), "logged_out")
                .with("session_id", session.sessionId())
                .send();

        awaitRefused(here);
        assertThat(session.anotherSession().at(first, server).get("/tasks").status())
                .isEqualTo(200);
    }

    @Test
    void aTokenWithoutSessionIsRefusedWhenItsUsersSessionsEnd() {
        String service = UUID.randomUUID().toString();
        Caller caller = first.withToken(server.token(service, "user"));
        assertThat(caller.get("/tasks").status()).isEqualTo(200);

        keycloak.of(service, "sessions_ended").with("not_before", inASecond()).send();

        awaitRefused(caller);
    }

    @Test
    void changedCredentialsDoNotEndSessions() {
        SignedIn session = SignedIn.newSession();
        SignedIn marker = SignedIn.newSession();
        Caller here = session.at(first, server);

        keycloak.of(session.userId(), "credentials_changed")
                .with("session_id", session.sessionId())
                .send();
        keycloak.of(session.userId(), "roles_changed").send();
        keycloak.of(session.userId(), "session_ended")
                .with("session_id", marker.sessionId())
                .send();

        awaitRefused(marker.at(first, server));
        assertThat(here.get("/tasks").status()).isEqualTo(200);
    }

    @Test
    void otherClientsAndTokensAreStillAccepted() {
        SignedIn session = SignedIn.newSession();
        SignedIn marker = SignedIn.newSession();
        Caller here = session.at(first, server);

        keycloak.of(session.userId(), "token_revoked")
                .with("token_id", "another")
                .with("session_id", session.sessionId())
                .with("client_id", SignedIn.CLIENT)
                .send();
        keycloak.of(session.userId(), "client_session_ended")
                .with("session_id", session.sessionId())
                .with("client_id", "another")
                .with("not_before", inASecond())
                .send();
        keycloak.of(session.userId(), "client_sessions_ended")
                .with("client_id", "another")
                .with("not_before", inASecond())
                .send();
        keycloak.of(session.userId(), "session_ended")
                .with("session_id", marker.sessionId())
                .send();

        awaitRefused(marker.at(first, server));
        assertThat(here.get("/tasks").status()).isEqualTo(200);
    }

    @Test
    void aNewLoginInTheSameSecondWorksAndOlderTokensAreRefused() {
        Instant second = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        SignedIn before = SignedIn.newSession();
        SignedIn longBefore = before.anotherSession();
        SignedIn refreshed = before.anotherSession();
        SignedIn fresh = before.anotherSession();
        String userId = before.userId();

        keycloak.of(userId, "logged_in")
                .with("session_id", before.sessionId())
                .at(second.plusMillis(100))
                .send();
        keycloak.of(userId, "sessions_ended")
                .with("not_before", second.getEpochSecond())
                .at(second.plusMillis(300))
                .send();
        keycloak.of(userId, "logged_in")
                .with("session_id", fresh.sessionId())
                .at(second.plusMillis(600))
                .send();

        awaitRefused(first.withToken(before.token(server, second)));
        awaitRefused(first.withToken(longBefore.token(server, second.minusSeconds(1))));
        awaitRefused(first.withToken(refreshed.token(server, second, second.minusSeconds(60))));
        assertThat(first.withToken(fresh.token(server, second, second))
                        .get("/tasks")
                        .status())
                .isEqualTo(200);
        assertThat(first.withToken(fresh.token(server, second)).get("/tasks").status())
                .isEqualTo(200);
    }

    @Test
    void aTokenOfARefreshDuringTheEndIsRefused() {
        Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        SignedIn session = SignedIn.newSession();

        keycloak.of(session.userId(), "sessions_ended")
                .with("not_before", end.getEpochSecond())
                .at(end)
                .send();

        awaitRefused(first.withToken(session.token(server, end.plusSeconds(1), end.minusSeconds(60))));
        assertThat(first.withToken(session.anotherSession().token(server, end.plusSeconds(1), end.plusSeconds(1)))
                        .get("/tasks")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void unreadableEventsDoNotBlockOthers() {
        SignedIn session = SignedIn.newSession();

        keycloak.of(session.userId(), "logged_out")
                .with("session_id", List.of(1))
                .send();
        keycloak.of(session.userId(), "logged_out")
                .with("realm", "another")
                .with("session_id", "x")
                .send();
        keycloak.of(session.userId(), "logged_out")
                .with("session_id", session.sessionId())
                .send();

        awaitRefused(session.at(first, server));
    }

    @Test
    void anEndIsDeletedWhenAllItsTokensHaveExpired() {
        SignedIn longAgo = SignedIn.newSession();
        SignedIn marker = longAgo.anotherSession();

        keycloak.of(longAgo.userId(), "logged_out")
                .with("session_id", longAgo.sessionId())
                .at(Instant.now().minus(Duration.ofMinutes(18)))
                .send();
        keycloak.of(marker.userId(), "logged_out")
                .with("session_id", marker.sessionId())
                .send();

        awaitRefused(marker.at(first, server));
        assertThat(longAgo.at(first, server).get("/tasks").status()).isEqualTo(200);
        await().atMost(TIMEOUT).until(() -> marker.storedEnd(mongo).isPresent());
        Document held = marker.storedEnd(mongo).orElseThrow();
        assertThat(held.getDate("expires_at").toInstant())
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(15)),
                        Instant.now().plus(Duration.ofMinutes(18)));
        assertThat(longAgo.storedEnd(mongo)).isEmpty();
    }
}
