package io.perch.resourceserver;

import static io.perch.resourceserver.RefusedTokens.awaitRefused;
import static io.perch.resourceserver.UserEventFixtures.inASecond;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Stream;
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
    private final MeterRegistry meters;
    private SecondInstance second;

    @Autowired
    RevocationTest(
            Api api,
            Environment environment,
            AuthorizationServer server,
            KafkaTemplate<String, byte[]> kafka,
            MeterRegistry meters) {
        this.first = api;
        this.environment = environment;
        this.server = server;
        this.keycloak = new UserEventFixtures(kafka);
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
}
