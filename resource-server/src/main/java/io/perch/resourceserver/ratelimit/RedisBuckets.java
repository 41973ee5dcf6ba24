package io.perch.resourceserver.ratelimit;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Buckets on Redis, and in memory while Redis is away. */
final class RedisBuckets implements Buckets, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisBuckets.class);
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Duration KEPT_AFTER_FULL = Duration.ofMinutes(1);
    private static final String PREFIX = "perch:rate-limit:";

    private final RedisClient client;
    private final Buckets local;
    private final AtomicBoolean away = new AtomicBoolean();
    private @Nullable StatefulRedisConnection<String, byte[]> connection;
    private @Nullable ProxyManager<String> proxies;

    RedisBuckets(String url, Buckets local) {
        RedisURI uri = RedisURI.create(url);
        uri.setTimeout(TIMEOUT);
        this.client = RedisClient.create(uri);
        this.client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(TIMEOUT))
                .build());
        this.local = local;
    }

    @Override
    public ConsumptionProbe tryConsume(String key, BucketConfiguration configuration) {
        try {
            ConsumptionProbe probe =
                    proxies().getProxy(PREFIX + key, () -> configuration).tryConsumeAndReturnRemaining(1);
            if (away.compareAndSet(true, false)) {
                log.info("Redis is back: all instances count rate limits together again");
            }
            return probe;
        } catch (RuntimeException e) {
            // Lettuce and Bucket4j share no exception type for "Redis does not answer".
            if (away.compareAndSet(false, true)) {
                log.warn("Redis is away: this instance counts rate limits for itself", e);
            }
            return local.tryConsume(key, configuration);
        }
    }

    private synchronized ProxyManager<String> proxies() {
        ProxyManager<String> current = proxies;
        if (current == null) {
            StatefulRedisConnection<String, byte[]> opened =
                    client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
            connection = opened;
            current = Bucket4jLettuce.casBasedBuilder(opened)
                    .requestTimeout(TIMEOUT)
                    .expirationAfterWrite(
                            ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT_AFTER_FULL))
                    .build();
            proxies = current;
        }
        return current;
    }

    @Override
    public synchronized void close() {
        if (connection != null) {
            connection.close();
        }
        client.shutdown();
    }
}
