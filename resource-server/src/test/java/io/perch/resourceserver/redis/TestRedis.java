package io.perch.resourceserver.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import redis.embedded.RedisServer;

/** A port for a real Redis server, of which a test may start several, one after the other. */
public final class TestRedis {

    private final int port = freePort();

    /** The address, as in the configuration. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** A new server at this address. It is not started yet. */
    public RedisServer server() {
        try {
            return RedisServer.newRedisServer()
                    .port(port)
                    .setting("bind 127.0.0.1")
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
