package io.perch.resourceserver.ratelimit;

import io.github.bucket4j.ConsumptionProbe;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.ratelimit.RateLimitProperties.Limit;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.util.HashMap;
import java.util.Map;

/** Counts what users do, and stops them when it is too much. */
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
     * @param route the route's name in {@code perch.rate-limit.routes}; a route that is not there has no limit
     * @param user whose request it is
     * @return what is left to the user, for the answer's header fields
     * @throws ProblemException 429 with {@code Retry-After} and the same fields if it is one too many
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
                        ProblemType.TOO_MANY_REQUESTS, "Slow down: this is more than the limit allows")
                .retryAfter(allowance.untilMore());
        refusal.getHeaders().putAll(allowance.headers());
        return refusal;
    }

    private record Route(Limit limit, Counter refused) {

        static Route of(String name, Limit limit, MeterRegistry meters) {
            Counter refused = Counter.builder("perch.ratelimit.refused")
                    .description("Requests that were one too many")
                    .tag("route", name)
                    .register(meters);
            return new Route(limit, refused);
        }
    }
}
