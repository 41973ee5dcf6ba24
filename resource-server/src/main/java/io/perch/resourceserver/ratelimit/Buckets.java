package io.perch.resourceserver.ratelimit;

import io.github.bucket4j.ConsumptionProbe;
import io.perch.resourceserver.ratelimit.RateLimitProperties.Limit;

/** Stores the token buckets. */
@FunctionalInterface
interface Buckets {

    /**
     * Takes one token.
     *
     * @param key the key of the bucket
     * @param limit the size of the bucket and its refill rate
     * @return whether a token was available, and when the next one will be
     */
    ConsumptionProbe tryConsume(String key, Limit limit);
}
