package io.perch.resourceserver.twitter;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.twitter.LoginOutcome.ChallengeKind;
import io.perch.resourceserver.twitter.LoginOutcome.ChallengeRequired;
import io.perch.resourceserver.twitter.LoginOutcome.RateLimited;
import io.perch.resourceserver.twitter.LoginOutcome.Success;
import io.perch.resourceserver.twitter.LoginOutcome.Suspended;
import io.perch.resourceserver.twitter.LoginOutcome.Unavailable;
import io.perch.resourceserver.twitter.LoginOutcome.WrongCode;
import io.perch.resourceserver.twitter.LoginOutcome.WrongCredentials;
import io.perch.resourceserver.twitter.LoginRequest.ChallengeAnswer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedTwitterLoginTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final TwitterLogin twitter = new SimulatedTwitterLogin(
            new SimulatorProperties(Duration.ZERO, Duration.ofMillis(1), Duration.ofSeconds(60)),
            Clock.fixed(NOW, ZoneOffset.UTC));

    @ParameterizedTest
    @ValueSource(strings = {"alice", "wrong", "wrongly_named", "slow_one", "_wrong_", "w"})
    void otherNamesSucceed(String username) throws InterruptedException {
        assertThat(login(username, 1)).isInstanceOf(Success.class);
    }

    @Test
    void thePrefixOfTheNameSelectsTheOutcome() throws InterruptedException {
        assertThat(login("wrong_1", 1)).isInstanceOf(WrongCredentials.class);
        assertThat(login("Wrong_1", 9)).isInstanceOf(WrongCredentials.class);
        assertThat(login("suspended_1", 1)).isInstanceOf(Suspended.class);
        assertThat(login("challenge_1", 1))
                .isInstanceOfSatisfying(ChallengeRequired.class, asked -> assertThat(asked.kind())
                        .isEqualTo(ChallengeKind.EMAIL));
        assertThat(login("limited_1", 1)).isEqualTo(new RateLimited(NOW.plusSeconds(60)));
    }

    @Test
    void aChallengeAcceptsOnlyItsCode() throws InterruptedException {
        ChallengeRequired asked = (ChallengeRequired) login("challenge_1", 1);

        assertThat(answer(asked.continuation(), "123456")).isInstanceOf(Success.class);
        assertThat(answer(asked.continuation(), "654321")).isInstanceOf(WrongCode.class);
        assertThat(answer("of another login", "123456")).isInstanceOf(ChallengeRequired.class);
    }

    @Test
    void aFlakyNameFailsTwice() throws InterruptedException {
        assertThat(login("flaky_1", 1)).isInstanceOf(Unavailable.class);
        assertThat(login("flaky_1", 2)).isInstanceOf(Unavailable.class);
        assertThat(login("flaky_1", 3)).isInstanceOf(Success.class);
    }

    @Test
    void anEmptyPasswordIsRefused() throws InterruptedException {
        assertThat(twitter.login(new LoginRequest("alice", "", "+1234567", null, 1, null)))
                .isInstanceOf(WrongCredentials.class);
    }

    @Test
    void theSecretsOfARequestAreNotLogged() {
        assertThat(new LoginRequest(
                        "alice", "secret", "+1234567", "a@b.example", 1, new ChallengeAnswer("c", "123456")))
                .hasToString("LoginRequest[username=alice, attempt=1]");
    }

    private LoginOutcome login(String username, int attempt) throws InterruptedException {
        return twitter.login(new LoginRequest(username, "password", "+1234567", null, attempt, null));
    }

    private LoginOutcome answer(String continuation, String code) throws InterruptedException {
        ChallengeAnswer answer = new ChallengeAnswer(continuation, code);
        return twitter.login(new LoginRequest("challenge_1", "password", "+1234567", null, 2, answer));
    }
}
