package io.perch.console.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/** The store for several instances. */
final class RedisStore implements KeyValueStore {

    private static final String PREFIX = "perch:console:";
    private static final String LOCK_PREFIX = PREFIX + "lock:";
    private static final Duration PAUSE = Duration.ofMillis(25);

    /** If a lock has expired, its former holder must not release the lock of the next holder. */
    private static final RedisScript<Long> RELEASE = RedisScript.of(
            "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end",
            Long.class);

    private final StringRedisTemplate redis;

    /** Callers of one instance wait here, so that only one of them polls Redis. */
    private final LocalLocks local = new LocalLocks();

    RedisStore(StringRedisTemplate redis) {
        this.redis = redis;
    }

    @Override
    public void put(String key, String value, Duration life) {
        redis.opsForValue().set(PREFIX + key, value, life);
    }

    @Override
    public Optional<String> get(String key) {
        return Optional.ofNullable(redis.opsForValue().get(PREFIX + key));
    }

    @Override
    public void remove(String key) {
        redis.delete(PREFIX + key);
    }

    @Override
    public <T> T locked(String key, Supplier<T> work) {
        return local.locked(key, () -> lockedEverywhere(LOCK_PREFIX + key, work));
    }

    private <T> T lockedEverywhere(String lock, Supplier<T> work) {
        String owner = UUID.randomUUID().toString();
        long end = System.nanoTime() + LOCK_TIMEOUT.toNanos();
        while (!Boolean.TRUE.equals(redis.opsForValue().setIfAbsent(lock, owner, LOCK_TIMEOUT))) {
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                throw new StoreUnavailableException("A lock was not free in time");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE.toMillis()));
        }
        try {
            return work.get();
        } finally {
            redis.execute(RELEASE, List.of(lock), owner);
        }
    }
}
