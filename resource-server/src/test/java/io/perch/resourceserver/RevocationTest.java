package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.kafka.core.KafkaTemplate;

/** Two instances refuse the tokens of ended sessions. Neither of them calls Keycloak for this. */
@ResourceServerTest
@TestInstance(Lifecycle.PER_CLASS)
class RevocationTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration OBSERVATION_TIME = Duration.ofMillis(700);

    private final Api first;
    private final Environment environment;
    private final AuthorizationServer server;
    private final UserEventFixtures keycloak;
    private final MongoOperations mongo;
    private final MeterRegistry meters;
    private SecondInstance second;

    @Autowired
    RevocationTest(
            Api api,
            Environment environment,
            AuthorizationServer server,
            KafkaTemplate<String, byte[]> kafka,
            MongoOperations mongo,
            MeterRegistry meters) {
        this.first = api;
        this.environment = environment;
        this.server = server;
        this.keycloak = new UserEventFixtures(kafka);
        this.mongo = mongo;
        this.meters = meters;
    }

    @BeforeAll
    void startAnother() {
        second = SecondInstance.start(environment, server);
    }

    @AfterAll
    void stopTheSecondInstance() {
        second.close();
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                end("logged out", (on, who) -> on.of(who.userId(), "logged_out").with("session_id", who.sessionId())),
                end("ended by an administrator", (on, who) -> on.of(who.userId(), "session_ended")
                        .with("session_id", who.sessionId())),
                end("all ended", (on, who) -> on.of(who.userId(), "sessions_ended")
                        .with("not_before", inASecond())),
                end("password reset that ended sessions", (on, who) -> on.of(who.userId(), "credentials_changed")
                        .with("not_before", inASecond())),
                end("one token revoked", (on, who) -> on.of(who.userId(), "token_revoked")
                        .with("token_id", who.tokenId())
                        .with("client_id", SignedIn.CLIENT)),
                end("a client's part of the session", (on, who) -> on.of(who.userId(), "client_session_ended")
                        .with("session_id", who.sessionId())
                        .with("client_id", SignedIn.CLIENT)
                        .with("not_before", inASecond())),
                end("consent withdrawn", (on, who) -> on.of(who.userId(), "client_sessions_ended")
                        .with("client_id", SignedIn.CLIENT)
                        .with("not_before", inASecond())),
                end("disabled", (on, who) -> on.disabled(who.userId())),
                end("deleted", (on, who) -> on.of(who.userId(), "deleted")),
                end("ended, nobody says which", (on, who) -> on.of(who.userId(), "logged_out")));
    }

    private static Arguments end(String name, BiFunction<UserEventFixtures, SignedIn, UserEventFixtures.Event> event) {
        return Arguments.argumentSet(name, event);
    }

    /** One second later than the token's time of issue. */
    private static long inASecond() {
        return Instant.now().getEpochSecond() + 1;
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aTokenOfAnEndedSessionIsRefusedAtEveryInstance(
            BiFunction<UserEventFixtures, SignedIn, UserEventFixtures.Event> end) {
        SignedIn session = SignedIn.newSession();
        SignedIn bystander = SignedIn.newSession();
        Caller here = session.at(first, server);
        Caller there = second.api().as(here);
        assertThat(here.get("/tasks").status()).isEqualTo(200);
        assertThat(there.get("/tasks").status()).isEqualTo(200);

        end.apply(keycloak, session).send();

        awaitRefused(here);
        awaitRefused(there);
        Answer refused = here.get("/tasks").isProblem(401, "unauthorized");
        assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer").contains("error=\"invalid_token\"");
        assertThat(bystander.at(first, server).get("/tasks").status()).isEqualTo(200);
        assertThat(bystander.at(second.api(), server).get("/tasks").status()).isEqualTo(200);
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
    void theEndOfAClientEndsTokensOfAllUsers() {
        String client = "client-" + UUID.randomUUID();
        String token = server.token("somebody", List.of("user"), claims -> claims.claim("azp", client));
        Caller here = first.withToken(token);
        Caller there = second.api().as(here);
        SignedIn bystander = SignedIn.newSession();
        assertThat(here.get("/tasks").status()).isEqualTo(200);

        keycloak.ofClient(client).with("not_before", inASecond()).send();

        awaitRefused(here);
        awaitRefused(there);
        assertThat(bystander.at(first, server).get("/tasks").status()).isEqualTo(200);
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
    void theSessionsOfAllUsersCanEnd() {
        Instant ended = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(30);
        SignedIn session = SignedIn.newSession();
        Caller old = first.withToken(session.token(server, ended.minusSeconds(1)));
        Caller young = first.withToken(SignedIn.newSession().token(server, ended.plusSeconds(1)));
        assertThat(old.get("/tasks").status()).isEqualTo(200);

        keycloak.ofRealm().with("not_before", ended.getEpochSecond()).at(ended).send();

        awaitRefused(old);
        awaitRefused(second.api().as(old));
        assertThat(young.get("/tasks").status()).isEqualTo(200);
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
        await().atMost(TIMEOUT).until(() -> stored(marker).isPresent());
        Document held = stored(marker).orElseThrow();
        assertThat(held.getDate("expires_at").toInstant())
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(15)),
                        Instant.now().plus(Duration.ofMinutes(18)));
        assertThat(stored(longAgo)).isEmpty();
    }

    @Test
    void aTokenWithATooLongLifetimeIsRefused() {
        Instant now = Instant.now();
        String tooLong = server.token("somebody", List.of("user"), claims -> claims.issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(911))));
        String undated = server.token("somebody", List.of("user"), claims -> claims.issueTime(null));

        first.withToken(tooLong).get("/tasks").isProblem(401, "unauthorized");
        first.withToken(undated).get("/tasks").isProblem(401, "unauthorized");
    }

    @Test
    void aTokenIssuedBetweenTwoSecondsIsAccepted() {
        Instant now = Instant.now();
        String token = server.token("somebody", List.of("user"), claims -> claims.issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(901))));

        assertThat(first.withToken(token).get("/tasks").status()).isEqualTo(200);
    }

    @Test
    void aStreamEndsWhenItsSessionEnds() {
        SignedIn session = SignedIn.newSession();
        SignedIn elsewhere = session.anotherSession();
        EventClient here = EventClient.open(session.at(first, server), "/tasks/events");
        EventClient there = EventClient.open(session.at(second.api(), server), "/tasks/events");
        try (EventClient other = EventClient.open(elsewhere.at(first, server), "/tasks/events")) {
            keycloak.of(session.userId(), "logged_out")
                    .with("session_id", session.sessionId())
                    .send();

            await().atMost(TIMEOUT).until(() -> here.hasEnded() && there.hasEnded());
            await().during(OBSERVATION_TIME).until(() -> !other.hasEnded());
        }
        assertThat(meters.get("perch.live.ended")
                        .tag("reason", "revoked")
                        .counter()
                        .count())
                .isGreaterThanOrEqualTo(1);
    }

    @Test
    void anEndIsKnownAfterARestart() {
        SignedIn session = SignedIn.newSession();
        keycloak.of(session.userId(), "logged_out")
                .with("session_id", session.sessionId())
                .send();
        awaitRefused(session.at(first, server));

        try (SecondInstance third = SecondInstance.start(environment, server)) {
            refused(session.at(third.api(), server));
        }
    }

    @Test
    void anEndInTheDatabaseIsKnownAfterARestartWithoutKafka() {
        SignedIn session = SignedIn.newSession();
        keycloak.of(session.userId(), "logged_out")
                .with("session_id", session.sessionId())
                .send();
        await().atMost(TIMEOUT).until(() -> stored(session).isPresent());

        try (SecondInstance third = SecondInstance.start(
                environment,
                server,
                "spring.kafka.bootstrap-servers=127.0.0.1:1",
                "perch.security.start-patience=1s")) {
            refused(session.at(third.api(), server));
            assertThat(SignedIn.newSession()
                            .at(third.api(), server)
                            .get("/tasks")
                            .status())
                    .isEqualTo(200);
            assertThat(first.withToken(null).get("/health/readiness").status()).isEqualTo(200);
        }
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

    private Optional<Document> stored(SignedIn session) {
        return Optional.ofNullable(mongo.findById("session:" + session.sessionId(), Document.class, "revocations"));
    }

    private static void awaitRefused(Caller caller) {
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(10)).untilAsserted(() -> refused(caller));
    }

    private static void refused(Caller caller) {
        caller.get("/tasks").isProblem(401, "unauthorized");
    }
}
