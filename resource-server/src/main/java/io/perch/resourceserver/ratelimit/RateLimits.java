package io.perch.resourceserver.ratelimit;

import io.github.bucket4j.ConsumptionProbe;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.ratelimit.RateLimitProperties.Limit;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.util.HashMap;
import java.util.Map;

/** Counts the requests of users, and refuses those above the limit. */
public final class RateLimits {

    private final Buckets buckets;
    private final Map<String, Route> routes = new HashMap<>();

    RateLimits(Buckets buckets, Map<String, Limit> limits, MeterRegistry meters) {
        this.buckets = buckets;
        limits.forEach((route, limit) -> routes.put(route, Route.of(route, limit, meters)));
    }

    /**
     * Counts one request.
     *
     * @param route the route's name in {@code perch.rate-limit.routes}; other routes have no limit
     * @param user the user who sent the request
     * @return the state of the user's limit, for the response's fields
     * @throws ProblemException 429 with {@code Retry-After} and the same fields if the limit is exceeded
     */
    public Allowance consume(String route, String user) {
        Route limited = routes.get(route);
        if (limited == null) {
            return Allowance.unlimited();
        }
        ConsumptionProbe probe = buckets.tryConsume(route + ':' + user, limited.limit());
        Allowance allowance = Allowance.of(route, limited.limit(), probe);
        if (!probe.isConsumed()) {
            limited.refused().increment();
            throw refusal(allowance);
        }
        return allowance;
    }

    private static ProblemException refusal(Allowance allowance) {
        ProblemException refusal = new ProblemException(
                        ProblemType.TOO_MANY_REQUESTS, "Slow down: the limit is exceeded")
                .retryAfter(allowance.untilMore());
        refusal.getHeaders().putAll(allowance.headers());
        return refusal;
    }

    private record Route(Limit limit, Counter refused) {

        static Route of(String name, Limit limit, MeterRegistry meters) {
            Counter refused = Counter.builder("perch.ratelimit.refused")
                    .description("Requests that were refused by a limit")
                    .tag("route", name)
                    .register(meters);
            return new Route(limit, refused);
        }
    }
}
