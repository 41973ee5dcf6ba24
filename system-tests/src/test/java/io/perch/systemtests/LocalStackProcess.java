package io.perch.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** The local stack's launcher in its own process, started as a user starts it, with free ports. */
public final class LocalStackProcess implements AutoCloseable {

    /**
     * With these offsets all ports are below 32768. Above that, the system gives ports to clients, so a free port may
     * be in use when its server starts. MongoDB's default port is too high for these offsets, so it has another one.
     */
    private static final int FIRST_OFFSET = 20_000;

    private static final int OFFSETS = 37;
    private static final int OFFSET_STEP = 100;
    private static final int MONGO_PORT = 7017;
    private static final List<Integer> PORTS_BEFORE_OFFSET =
            List.of(3000, 8080, 9000, 8000, 9092, 9093, MONGO_PORT, 6379, 1025);

    private static final Path JAR = Path.of("..", "local-stack", "target", "local-stack.jar");
    private static final String UP = "Perch is up";
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    /**
     * A shell makes its background processes ignore SIGINT (Ctrl-C), and their children too. This command restores the
     * default.
     */
    private static final List<String> DEFAULT_SIGINT = List.of("env", "--default-signal=INT");

    private final Path dataDirectory;
    private final Path log;
    private final int offset;
    private final Process process;

    private LocalStackProcess(Path dataDirectory, Path log, int offset, Process process) {
        this.dataDirectory = dataDirectory;
        this.log = log;
        this.offset = offset;
        this.process = process;
    }

    /** Deletes the data directory and starts the stack. */
    public static LocalStackProcess startFresh(Path dataDirectory) {
        return startFresh(dataDirectory, Map.of());
    }

    /**
     * Like {@link #startFresh(Path)}.
     *
     * @param environment more variables, besides {@code PERCH_DATA_DIR}
     */
    public static LocalStackProcess startFresh(Path dataDirectory, Map<String, String> environment) {
        delete(dataDirectory);
        return start(dataDirectory, freeOffset(), environment);
    }

    /**
     * Starts with the existing data. Returns at once; see {@link #awaitUp()}.
     *
     * @param environment more variables, besides {@code PERCH_DATA_DIR}
     */
    public static LocalStackProcess start(Path dataDirectory, int offset, Map<String, String> environment) {
        if (!Files.isRegularFile(JAR)) {
            throw new IllegalStateException(
                    "The local stack is not built: run 'mvn -DskipTests package' in the project's root first");
        }
        var data = dataDirectory.toAbsolutePath();
        var log = data.resolveSibling(data.getFileName() + ".log");
        var command = new ArrayList<>(supportsDefaultSignal() ? DEFAULT_SIGINT : List.of());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-jar",
                JAR.toAbsolutePath().normalize().toString(),
                "--ports-offset",
                Integer.toString(offset)));
        var builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("PERCH_"));
        builder.environment().put("PERCH_DATA_DIR", data.toString());
        builder.environment().put("PERCH_MONGO_PORT", Integer.toString(MONGO_PORT));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        try {
            Files.createDirectories(log.getParent());
            return new LocalStackProcess(data, log, offset, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean supportsDefaultSignal() {
        var attempt = new ArrayList<>(DEFAULT_SIGINT);
        attempt.add("true");
        try {
            return new ProcessBuilder(attempt).start().onExit().join().exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** An offset with which all ports of the stack are free. Parallel runs start their search at different offsets. */
    public static int freeOffset() {
        int first = (int) (ProcessHandle.current().pid() % OFFSETS);
        return IntStream.range(0, OFFSETS)
                .map(i -> FIRST_OFFSET + (first + i) % OFFSETS * OFFSET_STEP)
                .filter(offset -> PORTS_BEFORE_OFFSET.stream().allMatch(port -> isFree(port + offset)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No free range of ports"));
    }

    /**
     * Waits until the launcher prints that everything has started. Fails with its last lines if it ends before that.
     */
    public LocalStackProcess awaitUp() {
        try {
            Awaitility.await()
                    .atMost(START_LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> !process.isAlive() || output().contains(UP));
        } catch (RuntimeException e) {
            close();
            throw new IllegalStateException("The local stack did not come up in " + START_LIMIT + lastLines(), e);
        }
        if (!output().contains(UP)) {
            throw new IllegalStateException(
                    "The local stack ended with code " + process.exitValue() + " before it was up" + lastLines());
        }
        return this;
    }

    /** The addresses of the started system. */
    public PerchSystem system() {
        return new PerchSystem(
                URI.create("http://localhost:" + (8080 + offset)),
                Optional.of(URI.create("http://localhost:" + (9000 + offset))),
                URI.create("http://localhost:" + (8000 + offset)),
                URI.create("http://localhost:" + (3000 + offset)),
                Optional.of("mongodb://localhost:" + (MONGO_PORT + offset)),
                "localhost:" + (9092 + offset),
                Optional.of(dataDirectory),
                Optional.empty());
    }

    /** The offset of every port. */
    public int offset() {
        return offset;
    }

    /** The process of the launcher. */
    public Process process() {
        return process;
    }

    /** The launcher's output so far. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The present processes: the launcher and all that it started. */
    public List<ProcessHandle> processes() {
        var all = new ArrayList<ProcessHandle>(process.descendants().toList());
        all.add(process.toHandle());
        return all;
    }

    /**
     * Waits until the launcher ends by itself.
     *
     * @return its exit code
     */
    public int awaitExit(Duration limit) {
        if (!endsWithin(limit)) {
            throw new IllegalStateException("The local stack did not end in " + limit + lastLines());
        }
        return process.exitValue();
    }

    /** Stops the stack with SIGTERM, and kills processes that still run. Fails if there are any. */
    @Override
    public void close() {
        var started = processes();
        process.destroy();
        var ended = endsWithin(STOP_LIMIT);
        var left = started.stream().filter(ProcessHandle::isAlive).toList();
        left.forEach(ProcessHandle::destroyForcibly);
        if (!ended || !left.isEmpty()) {
            throw new IllegalStateException("Processes of the local stack still run: "
                    + left.stream().map(LocalStackProcess::describe).toList() + lastLines());
        }
    }

    private boolean endsWithin(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String describe(ProcessHandle handle) {
        return handle.pid() + " " + handle.info().commandLine().orElse("");
    }

    private String lastLines() {
        var lines = output().lines().toList();
        var last = lines.subList(Math.max(0, lines.size() - 20), lines.size());
        return ". Its log is " + log + "; its last lines:\n" + String.join("\n", last);
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
