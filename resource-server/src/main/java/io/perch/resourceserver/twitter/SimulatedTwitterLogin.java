package io.perch.resourceserver.twitter;

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
import java.util.Locale;

/**
 * Simulates X. The prefix of the user name determines the outcome: {@code wrong_}, {@code challenge_} (requires the code 123456),
 * {@code flaky_} (unavailable at the first two attempts), {@code limited_}, {@code suspended_}, {@code slow_}. All other logins
 * succeed. A password only must not be empty.
 */
class SimulatedTwitterLogin implements TwitterLogin {

    private static final int FLAKY_FAILURES = 2;
    private static final String CODE = "123456";
    private static final String CONTINUATION = "simulated";

    private final SimulatorProperties properties;
    private final Clock clock;

    SimulatedTwitterLogin(SimulatorProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    @Override
    public LoginOutcome login(LoginRequest request) throws InterruptedException {
        String kind = kindOf(request.username());
        Duration latency = kind.equals("slow") ? properties.slowLatency() : properties.latency();
        if (!latency.isZero()) {
            // The simulated duration of a login; a stopped login is interrupted here
            Thread.sleep(latency.toMillis());
        }
        if (request.password().isEmpty()) {
            return new WrongCredentials();
        }
        return switch (kind) {
            case "wrong" -> new WrongCredentials();
            case "challenge" -> challenge(request);
            case "flaky" ->
                request.attempt() <= FLAKY_FAILURES
                        ? new Unavailable("The simulated X is unavailable at attempt " + request.attempt())
                        : new Success();
            case "limited" -> new RateLimited(clock.instant().plus(properties.limitedFor()));
            case "suspended" -> new Suspended();
            default -> new Success();
        };
    }

    private static LoginOutcome challenge(LoginRequest request) {
        ChallengeAnswer answer = request.answer();
        if (answer == null || !answer.continuation().equals(CONTINUATION)) {
            return new ChallengeRequired(ChallengeKind.EMAIL, CONTINUATION);
        }
        return answer.code().equals(CODE) ? new Success() : new WrongCode();
    }

    private static String kindOf(String username) {
        int underscore = username.indexOf('_');
        return underscore < 0 ? "" : username.substring(0, underscore).toLowerCase(Locale.ROOT);
    }
}
