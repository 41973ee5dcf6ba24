package io.perch.resourceserver.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One connection to Redis. Thread-safe. */
public final class Redis implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Duration RECONNECT_WITHIN = Duration.ofSeconds(2);

    private final @Nullable Client client;

    private Redis(@Nullable Client client) {
        this.client = client;
    }

    /** No Redis: what is asked is always answered by the instance itself. */
    public static Redis none() {
        return new Redis(null);
    }

    /**
     * A Redis, to which nothing is connected yet.
     *
     * @param url such as {@code redis://localhost:6379}
     */
    public static Redis at(String url, MeterRegistry meters) {
        return new Redis(new Client(url, meters));
    }

    /**
     * Sends a command, and waits at most half a second for the answer.
     *
     * @param command sends it
     * @param whileAway answers in the place of a Redis that is unavailable, fails, or is not configured
     * @return what either said
     */
    public <T> T ask(Function<RedisAsyncCommands<String, String>, CompletionStage<T>> command, Supplier<T> whileAway) {
        Client asked = client;
        if (asked == null || !asked.presence.mayAsk()) {
            return whileAway.get();
        }
        try {
            T answer = command.apply(asked.commands())
                    .toCompletableFuture()
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            asked.presence.answered();
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            asked.presence.failed(e);
        }
        return whileAway.get();
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }

    private static final class Client implements AutoCloseable {

        private final ClientResources resources = ClientResources.builder()
                .reconnectDelay(Delay.fullJitter(Duration.ofMillis(10), RECONNECT_WITHIN, 2, TimeUnit.MILLISECONDS))
                .build();
        private final RedisClient redis;
        private final RedisPresence presence;
        private volatile @Nullable StatefulRedisConnection<String, String> connection;

        Client(String url, MeterRegistry meters) {
            RedisURI uri = RedisURI.create(url);
            uri.setTimeout(TIMEOUT);
            this.redis = RedisClient.create(resources, uri);
            this.redis.setOptions(ClientOptions.builder()
                    .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                    .socketOptions(
                            SocketOptions.builder().connectTimeout(TIMEOUT).build())
                    .timeoutOptions(TimeoutOptions.enabled(TIMEOUT))
                    .build());
            this.presence = new RedisPresence(meters);
            this.redis.addListener(presence);
        }

        RedisAsyncCommands<String, String> commands() {
            StatefulRedisConnection<String, String> current = connection;
            return (current == null ? connect() : current).async();
        }

        private synchronized StatefulRedisConnection<String, String> connect() {
            StatefulRedisConnection<String, String> current = connection;
            if (current == null) {
                current = redis.connect();
                connection = current;
            }
            return current;
        }

        @Override
        public synchronized void close() {
            redis.removeListener(presence);
            StatefulRedisConnection<String, String> current = connection;
            if (current != null) {
                current.close();
            }
            redis.shutdown();
            resources.shutdown().awaitUninterruptibly(TIMEOUT.toMillis());
        }
    }
}
