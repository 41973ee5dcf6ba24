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

/** Whether Redis can be reached. A change is logged once; a metric has the current state. */
final class RedisPresence implements RedisConnectionStateListener {

    private static final Logger log = LoggerFactory.getLogger(RedisPresence.class);
    private static final long ASK_AGAIN_AFTER = Duration.ofSeconds(1).toNanos();

    private final AtomicBoolean away = new AtomicBoolean();
    private final AtomicLong lastAsked = new AtomicLong();

    RedisPresence(MeterRegistry meters) {
        Gauge.builder("perch.ratelimit.redis.away", away, value -> value.get() ? 1 : 0)
                .description(
                        "1 while Redis is unavailable and this instance keeps for itself what all share, otherwise 0")
                .register(meters);
    }

    /** Returns whether a request may wait for Redis. While Redis is unavailable, one request a second does, and the others do not. */
    boolean mayAsk() {
        if (!away.get()) {
            return true;
        }
        long now = System.nanoTime();
        long last = lastAsked.get();
        return now - last >= ASK_AGAIN_AFTER && lastAsked.compareAndSet(last, now);
    }

    /** Redis answered. */
    void answered() {
        if (away.compareAndSet(true, false)) {
            log.info("Redis is back: all instances share rate limits and used proofs again");
        }
    }

    /** Redis did not answer. */
    void failed(Throwable reason) {
        if (leave()) {
            log.warn("Redis is unavailable: this instance keeps rate limits and used proofs for itself", reason);
        }
    }

    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress socketAddress) {
        answered();
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
        if (leave()) {
            log.warn(
                    "Redis is unavailable: it closed the connection, and this instance keeps rate limits and used proofs for itself");
        }
    }

    private boolean leave() {
        lastAsked.set(System.nanoTime());
        return away.compareAndSet(false, true);
    }
}
