package io.perch.resourceserver.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tracks whether Redis is available. Changes are logged once; a gauge shows the current state. */
final class RedisAvailability implements RedisConnectionStateListener {

    private static final Logger log = LoggerFactory.getLogger(RedisAvailability.class);
    private static final long RETRY_AFTER = Duration.ofSeconds(1).toNanos();

    private final AtomicBoolean unavailable = new AtomicBoolean();
    private final AtomicLong lastTried = new AtomicLong();

    RedisAvailability(MeterRegistry meters) {
        Gauge.builder("perch.ratelimit.redis.away", unavailable, value -> value.get() ? 1 : 0)
                .description("1 while Redis is unavailable and the instances share nothing, otherwise 0")
                .register(meters);
    }

    /** Returns whether a request may use Redis. While Redis is unavailable, one request per second tries to. */
    boolean isUsable() {
        if (!unavailable.get()) {
            return true;
        }
        long now = System.nanoTime();
        long last = lastTried.get();
        return now - last >= RETRY_AFTER && lastTried.compareAndSet(last, now);
    }

    /** Must be called after a reply of Redis. */
    void available() {
        if (unavailable.compareAndSet(true, false)) {
            log.info("Redis is back: all instances share rate limits and used proofs again");
        }
    }

    /** Must be called when Redis did not reply. */
    void unavailable(Throwable reason) {
        if (markUnavailable()) {
            log.warn("Redis is unavailable: rate limits and used proofs are not shared with other instances", reason);
        }
    }

    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress socketAddress) {
        available();
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
        if (markUnavailable()) {
            log.warn(
                    "Redis is unavailable: it closed the connection. Rate limits and used proofs are not shared with other instances");
        }
    }

    private boolean markUnavailable() {
        lastTried.set(System.nanoTime());
        return unavailable.compareAndSet(false, true);
    }
}
