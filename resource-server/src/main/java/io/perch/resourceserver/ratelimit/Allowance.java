package io.perch.resourceserver.ratelimit;

import io.github.bucket4j.ConsumptionProbe;
import io.perch.resourceserver.ratelimit.RateLimitProperties.Limit;
import java.time.Duration;
import org.springframework.http.HttpHeaders;

/**
 * The state of a user's limit, for the fields {@code RateLimit-Policy} and {@code RateLimit} of
 * draft-ietf-httpapi-ratelimit-headers: {@code q} requests in {@code w} seconds, {@code r} of them remaining, and one more after
 * {@code t} seconds.
 */
public final class Allowance {

    private static final String POLICY = "RateLimit-Policy";
    private static final String LIMIT = "RateLimit";

    private final HttpHeaders headers = new HttpHeaders();
    private final long untilMore;

    private Allowance(long untilMore) {
        this.untilMore = untilMore;
    }

    /** Returns the state for a route without a limit: no fields. */
    static Allowance unlimited() {
        return new Allowance(0);
    }

    /**
     * Returns the state after a request was counted or refused.
     *
     * @param policy the policy's name: letters, digits and dashes
     * @param limit the policy
     * @param probe the result of the bucket
     */
    static Allowance of(String policy, Limit limit, ConsumptionProbe probe) {
        Allowance allowance = new Allowance(secondsUntilMore(limit, probe));
        long remaining = probe.getRemainingTokens();
        allowance.headers.set(
                POLICY, "\"%s\";q=%d;w=%d".formatted(policy, limit.requests(), roundedUp(limit.window())));
        allowance.headers.set(
                LIMIT,
                remaining < limit.requests()
                        ? "\"%s\";r=%d;t=%d".formatted(policy, remaining, allowance.untilMore)
                        : "\"%s\";r=%d".formatted(policy, remaining));
        return allowance;
    }

    /**
     * Returns the fields for the response to the counted request.
     *
     * @return the two fields; empty if the route has no limit
     */
    public HttpHeaders headers() {
        return HttpHeaders.copyOf(headers);
    }

    /** Returns the time until the user may send one more request. */
    Duration untilMore() {
        return Duration.ofSeconds(untilMore);
    }

    /**
     * Tokens are refilled at equal intervals. So this is the time until the bucket is full, minus the intervals of all other
     * missing tokens.
     */
    private static long secondsUntilMore(Limit limit, ConsumptionProbe probe) {
        Duration untilAll = Duration.ofNanos(probe.getNanosToWaitForReset());
        long others = limit.requests() - probe.getRemainingTokens() - 1;
        Duration untilOne = untilAll.minus(limit.window().multipliedBy(others).dividedBy(limit.requests()));
        return Math.max(1, roundedUp(untilOne));
    }

    private static long roundedUp(Duration duration) {
        return duration.plusNanos(999_999_999).toSeconds();
    }
}
