package io.perch.resourceserver.ratelimit;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Buckets on Redis, and in memory while Redis is away. */
final class RedisBuckets implements Buckets, AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Duration RECONNECT_WITHIN = Duration.ofSeconds(2);
    private static final Duration KEPT_AFTER_FULL = Duration.ofMinutes(1);
    private static final String PREFIX = "perch:rate-limit:";

    private final ClientResources resources = ClientResources.builder()
            .reconnectDelay(Delay.fullJitter(Duration.ofMillis(10), RECONNECT_WITHIN, 2, TimeUnit.MILLISECONDS))
            .build();
    private final RedisClient client;
    private final Buckets local;
    private final RedisPresence presence;
    private @Nullable StatefulRedisConnection<String, byte[]> connection;
    private @Nullable ProxyManager<String> proxies;

    RedisBuckets(String url, Buckets local, MeterRegistry meters) {
        RedisURI uri = RedisURI.create(url);
        uri.setTimeout(TIMEOUT);
        this.client = RedisClient.create(resources, uri);
        this.client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(SocketOptions.builder().connectTimeout(TIMEOUT).build())
                .timeoutOptions(TimeoutOptions.enabled(TIMEOUT))
                .build());
        this.local = local;
        this.presence = new RedisPresence(meters);
        this.client.addListener(presence);
    }

    @Override
    public ConsumptionProbe tryConsume(String key, BucketConfiguration configuration) {
        if (presence.mayAsk()) {
            try {
                ConsumptionProbe probe =
                        proxies().getProxy(PREFIX + key, () -> configuration).tryConsumeAndReturnRemaining(1);
                presence.answered();
                return probe;
            } catch (RuntimeException e) {
                // Lettuce and Bucket4j share no exception type for "Redis does not answer".
                presence.failed(e);
            }
        }
        return local.tryConsume(key, configuration);
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
        client.removeListener(presence);
        if (connection != null) {
            connection.close();
        }
        client.shutdown();
        resources.shutdown().awaitUninterruptibly(TIMEOUT.toMillis());
    }
}
