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
 * The DPoP proofs that were used, so that each is accepted only once (RFC 9449 section 11.1). A proof is identified by its {@code
 * jti} and the thumbprint of its key, and is stored until it is too old.
 *
 * <p>Every instance keeps the proofs that it accepted. If Redis is configured, they are stored there too, and a proof is accepted
 * once across all instances. While Redis is unavailable, each instance uses its own memory. An attacker who reads a client's
 * requests inside TLS could then repeat one request at another instance for half a minute. Refusing all clients in that time
 * would cost more than this risk.
 */
final class UsedProofs implements Cache {

    private static final String PREFIX = "perch:dpop:";

    /** The largest clock difference between two instances. Redis keeps a proof this much longer than the proof is fresh. */
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
     * Marks a proof as used.
     *
     * @param key the hash of the proof's {@code jti}
     * @param value a {@link CacheValue}: the proof's expiry and key
     * @return null if the proof was not used before; otherwise, or if the memory is full, a non-null value
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
                redis.execute(commands -> commands.set(PREFIX + name, "", once).thenApply("OK"::equals), () -> true);
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
        return new UnsupportedOperationException("Used proofs cannot be read");
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
        return new UnsupportedOperationException("Used proofs cannot be removed before they expire");
    }
}
