package io.perch.resourceserver.security;

import io.lettuce.core.SetArgs;
import io.perch.resourceserver.redis.Redis;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.support.SimpleValueWrapper;
import org.springframework.security.oauth2.jwt.DPoPProofReplayValidator.CacheValue;
import org.springframework.security.oauth2.jwt.DPoPProofReplayValidator.InMemoryCache;

/**
 * The DPoP proofs that were used, so that each is good once (RFC 9449 section 11.1): by the proof's {@code jti} and its key's
 * thumbprint, as long as the proof is fresh.
 *
 * <p>Every instance remembers those that it took itself. Where Redis is configured they are there too, so that a proof is good once
 * for all instances. While Redis is unavailable each instance goes by what it remembers: somebody who reads a client's requests, inside
 * TLS, could then use a proof once more at another instance, for half a minute and for that very request. Refusing all clients
 * meanwhile would cost more than that protects.
 */
final class UsedProofs implements Cache {

    private static final String PREFIX = "perch:dpop:";

    /** How far the clocks of two instances may be apart, so that one forgets before the other takes a proof for too old. */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    private static final int MAX_PROOFS = 500_000;
    private static final int MAX_PROOFS_OF_A_KEY = 20_000;

    private final Redis redis;
    private final InMemoryCache own = new InMemoryCache();

    UsedProofs(Redis redis) {
        this.redis = redis;
        own.setMaxSize(MAX_PROOFS);
        own.setMaxRequestsPerKey(MAX_PROOFS_OF_A_KEY);
    }

    /**
     * Uses a proof.
     *
     * @param key the hash of the proof's {@code jti}
     * @param value a {@link CacheValue}: when the proof is too old, and its key
     * @return null where it was not used before; else, or where no more can be remembered, the value
     */
    @Override
    public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
        CacheValue proof = (CacheValue) Objects.requireNonNull(value);
        String name = proof.getJwkThumbprint() + ':' + key;
        ValueWrapper before = own.putIfAbsent(name, proof);
        if (before != null) {
            return before;
        }
        Duration fresh = Duration.between(Instant.now(), proof.getExpiresAt()).plus(CLOCK_SKEW);
        SetArgs once = SetArgs.Builder.nx().px(Math.max(1, fresh.toMillis()));
        boolean first =
                redis.ask(commands -> commands.set(PREFIX + name, "", once).thenApply("OK"::equals), () -> true);
        return first ? null : new SimpleValueWrapper(proof);
    }

    @Override
    public String getName() {
        return "used-dpop-proofs";
    }

    @Override
    public Object getNativeCache() {
        return own;
    }

    @Override
    public @Nullable ValueWrapper get(Object key) {
        throw notRead();
    }

    @Override
    public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
        throw notRead();
    }

    @Override
    public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
        throw notRead();
    }

    private static UnsupportedOperationException notRead() {
        return new UnsupportedOperationException("Proofs are used, and never read");
    }

    @Override
    public void put(Object key, @Nullable Object value) {
        putIfAbsent(key, value);
    }

    @Override
    public void evict(Object key) {
        throw notForgotten();
    }

    @Override
    public void clear() {
        throw notForgotten();
    }

    private static UnsupportedOperationException notForgotten() {
        return new UnsupportedOperationException("A proof that was used is remembered until it is too old");
    }
}
