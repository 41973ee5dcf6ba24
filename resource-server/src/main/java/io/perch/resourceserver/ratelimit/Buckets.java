package io.perch.resourceserver.ratelimit;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;

/** Where the token buckets are. */
@FunctionalInterface
interface Buckets {

    /**
     * Takes one token.
     *
     * @param key whose bucket
     * @param configuration how large it is, and how it fills; used when it is new
     * @return whether there was one, and when there will be
     */
    ConsumptionProbe tryConsume(String key, BucketConfiguration configuration);
}
