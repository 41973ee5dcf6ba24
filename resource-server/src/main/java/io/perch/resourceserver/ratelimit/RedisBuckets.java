package io.perch.resourceserver.ratelimit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.bucket4j.ConsumptionProbe;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.perch.resourceserver.ratelimit.RateLimitProperties.Limit;
import io.perch.resourceserver.redis.Redis;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Buckets in Redis, or in memory while Redis is unavailable.
 *
 * <p>A bucket is one number: the time when it will be full again (generic cell rate algorithm), by the clock of Redis. A script
 * reads and writes it. So a request needs one command, and different clocks of instances do not matter.
 */
final class RedisBuckets implements Buckets {

    private static final String PREFIX = "perch:rate:";

    /**
     * Takes one token. Times are microseconds since November 2023, so that a double has enough digits for fractions. Returns:
     * whether a token was taken, the remaining tokens, the time until the next one, the time until the bucket is full.
     */
    private static final String SCRIPT = """
            local time = redis.call('TIME')
            local now = (time[1] - 1700000000) * 1000000 + time[2]
            local requests, window = tonumber(ARGV[1]), tonumber(ARGV[2])
            local interval = window / requests
            local full = tonumber(redis.call('GET', KEYS[1]) or now)
            full = math.max(now, math.min(full, now + window))
            local next = full + interval
            if next - now > window + interval / 2 then
                return {0, 0, next - now - window, full - now}
            end
            local left = math.floor((window - (next - now)) / interval + 0.001)
            redis.call('SET', KEYS[1], string.format('%.3f', next), 'PX', math.ceil((next - now) / 1000))
            return {1, math.max(0, left), 0, next - now}
            """;

    private static final String SCRIPT_SHA1 = sha1(SCRIPT);

    private final Redis redis;
    private final Buckets local;

    RedisBuckets(Redis redis, Buckets local) {
        this.redis = redis;
        this.local = local;
    }

    @Override
    public ConsumptionProbe tryConsume(String key, Limit limit) {
        return redis.execute(
                commands -> evaluate(commands, key, limit).thenApply(RedisBuckets::probe),
                () -> local.tryConsume(key, limit));
    }

    private static CompletionStage<List<Long>> evaluate(
            RedisAsyncCommands<String, String> commands, String key, Limit limit) {
        String[] keys = {PREFIX + key};
        String[] values = {
            Integer.toString(limit.requests()),
            Long.toString(TimeUnit.NANOSECONDS.toMicros(limit.window().toNanos()))
        };
        return commands.<List<Long>>evalsha(SCRIPT_SHA1, ScriptOutputType.MULTI, keys, values)
                .exceptionallyCompose(failure -> failure instanceof RedisNoScriptException
                        ? commands.eval(SCRIPT, ScriptOutputType.MULTI, keys, values)
                        : CompletableFuture.failedFuture(failure));
    }

    private static ConsumptionProbe probe(List<Long> reply) {
        long left = reply.get(1);
        long untilOne = TimeUnit.MICROSECONDS.toNanos(reply.get(2));
        long untilAll = TimeUnit.MICROSECONDS.toNanos(reply.get(3));
        return reply.get(0) == 1
                ? ConsumptionProbe.consumed(left, untilAll)
                : ConsumptionProbe.rejected(left, untilOne, untilAll);
    }

    private static String sha1(String script) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(script.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-1", e);
        }
    }
}
