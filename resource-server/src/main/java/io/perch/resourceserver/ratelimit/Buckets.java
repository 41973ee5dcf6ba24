package io.perch.resourceserver.ratelimit;

import io.github.bucket4j.ConsumptionProbe;
import io.perch.resourceserver.ratelimit.RateLimitProperties.Limit;

/** Where the token buckets are. */
@FunctionalInterface
interface Buckets {

    /**
     * Takes one token.
     *
     * @param key whose bucket
     * @param limit how large it is, and how it fills
     * @return whether there was one, and when there will be
     */
    ConsumptionProbe tryConsume(String key, Limit limit);
}
