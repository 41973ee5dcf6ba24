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

    /** Returns an instance without a connection: every call uses its fallback. */
    public static Redis none() {
        return new Redis(null);
    }

    /**
     * Returns an instance that connects at its first use.
     *
     * @param url such as {@code redis://localhost:6379}
     */
    public static Redis at(String url, MeterRegistry meters) {
        return new Redis(new Client(url, meters));
    }

    /**
     * Executes a command, and waits at most half a second for the reply.
     *
     * @param command sends the command
     * @param fallback computes the result if Redis is unavailable, fails, or is not configured
     * @return the result of the command or of the fallback
     */
    public <T> T execute(
            Function<RedisAsyncCommands<String, String>, CompletionStage<T>> command, Supplier<T> fallback) {
        Client current = client;
        if (current == null || !current.availability.isUsable()) {
            return fallback.get();
        }
        try {
            T reply = command.apply(current.commands())
                    .toCompletableFuture()
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            current.availability.available();
            return reply;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            current.availability.unavailable(e);
        }
        return fallback.get();
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
        private final RedisAvailability availability;
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
            this.availability = new RedisAvailability(meters);
            this.redis.addListener(availability);
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
            redis.removeListener(availability);
            StatefulRedisConnection<String, String> current = connection;
            if (current != null) {
                current.close();
            }
            redis.shutdown();
            resources.shutdown().awaitUninterruptibly(TIMEOUT.toMillis());
        }
    }
}
