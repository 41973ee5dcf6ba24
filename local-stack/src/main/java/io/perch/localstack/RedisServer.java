package io.perch.localstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/** A real Redis in a child process. Each write is appended to its append-only file. */
final class RedisServer implements Component {

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final DataDirectory data;
    private final Environment environment;
    private final int port;
    private volatile @Nullable ChildProcess process;

    RedisServer(DataDirectory data, Environment environment, int port) {
        this.data = data;
        this.environment = environment;
        this.port = port;
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public Path log() {
        return data.log(name());
    }

    @Override
    public void start() throws IOException, InterruptedException {
        var directory = data.directory("redis");
        var executable = ExecutableProvider.newJarResourceProvider(
                        data.directory("redis/bin").toFile())
                .get();
        var command = List.of(
                executable.getAbsolutePath(),
                "--bind",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--dir",
                directory.toString(),
                "--appendonly",
                "yes",
                "--save",
                "");
        var started = ChildProcess.start(command, environment.inherited(), data.freshLog(name()), data.pidFile(name()));
        process = started;
        awaitPong(started);
    }

    private void awaitPong(ChildProcess started) throws IOException, InterruptedException {
        var end = Instant.now().plus(START_LIMIT);
        while (!answersPong()) {
            if (!started.isAlive()) {
                throw new IOException(started.exitDescription());
            }
            if (Instant.now().isAfter(end)) {
                throw new IOException("was not ready after " + START_LIMIT.toSeconds() + " s");
            }
            // A server sends no signal when it is ready, so it is polled
            Thread.sleep(PAUSE.toMillis());
        }
    }

    private boolean answersPong() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) START_LIMIT.toMillis());
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            // An error begins with '-', for example while Redis loads its data
            return socket.getInputStream().read() == '+';
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean isAlive() {
        var started = process;
        return started != null && started.isAlive();
    }

    @Override
    public void stop() throws IOException, InterruptedException {
        var started = process;
        if (started != null) {
            started.stop(STOP_TIMEOUT);
        }
    }
}
