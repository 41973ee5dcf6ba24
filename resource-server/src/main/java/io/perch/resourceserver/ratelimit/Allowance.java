package io.perch.resourceserver.ratelimit;

import io.github.bucket4j.ConsumptionProbe;
import io.perch.resourceserver.ratelimit.RateLimitProperties.Limit;
import java.time.Duration;
import org.springframework.http.HttpHeaders;

/**
 * What a limit leaves to a user, as the fields {@code RateLimit-Policy} and {@code RateLimit} of
 * draft-ietf-httpapi-ratelimit-headers describe it: {@code q} requests in {@code w} seconds; {@code r} of them are left, and
 * after {@code t} seconds there is one more.
 */
public final class Allowance {

    private static final String POLICY = "RateLimit-Policy";
    private static final String LIMIT = "RateLimit";

    private final HttpHeaders headers = new HttpHeaders();
    private final long untilMore;

    private Allowance(long untilMore) {
        this.untilMore = untilMore;
    }

    /** Returns what a route without a limit leaves: there is nothing to report. */
    static Allowance unlimited() {
        return new Allowance(0);
    }

    /**
     * Returns what is left after a request was counted, or refused.
     *
     * @param policy the policy's name: letters, digits and dashes
     * @param limit the policy
     * @param probe what the bucket said
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
     * Returns the fields for the answer to the request that was counted.
     *
     * @return the two fields; empty where the route has no limit
     */
    public HttpHeaders headers() {
        return HttpHeaders.copyOf(headers);
    }

    /** Returns how long it takes until the user may send one request more. */
    Duration untilMore() {
        return Duration.ofSeconds(untilMore);
    }

    /** Used-up requests come back one by one, evenly: the first comes while all but one of them are still to come. */
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
