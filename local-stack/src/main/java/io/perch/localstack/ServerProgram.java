package io.perch.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A Spring Boot jar, prepared for a fast start. From Java 25 on it is unpacked and uses an AOT cache: its classes are
 * loaded and linked ahead of time (JEP 483, 514). The first start of a build creates the cache in a second process, and
 * later starts use it. With an older Java, or if the cache does not fit, the jar starts without a cache.
 */
final class ServerProgram {

    private static final int CACHES_SINCE = 25;
    private static final Duration UNPACK_LIMIT = Duration.ofMinutes(2);
    private static final Duration TRAINING_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    private final Path jar;
    private final @Nullable Path cache;
    private volatile @Nullable ChildProcess training;

    private ServerProgram(Path jar, @Nullable Path cache) {
        this.jar = jar;
        this.cache = cache;
    }

    /**
     * Copies and unpacks a build's jar. A new build may replace the original file while the server runs.
     *
     * @param directory used only by this program
     */
    static ServerProgram of(Path built, Path directory, Path log, PidFile pidFile)
            throws IOException, InterruptedException {
        var jar = directory.resolve("resource-server.jar");
        var unpacked = directory.resolve("unpacked");
        var stamp = directory.resolve("unpacked.of");
        var build = Files.size(built) + " " + Files.getLastModifiedTime(built) + " " + Runtime.version();
        if (Files.exists(stamp) && Files.readString(stamp).equals(build)) {
            return unpacked(unpacked);
        }
        Files.copy(built, jar, StandardCopyOption.REPLACE_EXISTING);
        if (Runtime.version().feature() < CACHES_SINCE) {
            return new ServerProgram(jar, null);
        }
        Files.deleteIfExists(stamp);
        delete(unpacked);
        var unpacking = ChildProcess.start(
                List.of(
                        ChildProcess.java(),
                        "-Djarmode=tools",
                        "-jar",
                        jar.toString(),
                        "extract",
                        "--destination",
                        unpacked.toString()),
                Map.of(),
                log,
                pidFile);
        try {
            if (unpacking.waitFor(UNPACK_LIMIT) != 0) {
                return new ServerProgram(jar, null);
            }
        } catch (TimeoutException e) {
            return new ServerProgram(jar, null);
        } finally {
            unpacking.stop(STOP_TIMEOUT);
        }
        Files.writeString(stamp, build);
        return unpacked(unpacked);
    }

    private static ServerProgram unpacked(Path directory) {
        return new ServerProgram(directory.resolve("resource-server.jar"), directory.resolve("resource-server.aot"));
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var files = Files.walk(directory)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** The command line that starts it. */
    List<String> command(String... options) {
        var command = new ArrayList<>(List.of(ChildProcess.java()));
        command.addAll(List.of(options));
        if (cache != null && Files.exists(cache)) {
            command.add("-XX:AOTCache=" + cache);
        }
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    /**
     * Creates the cache if there is none. A process with the lowest priority starts the program, and ends before the
     * program takes requests. Errors are in its log. They only mean that the next start is slower.
     *
     * @param options the options with which the program runs
     */
    void makeCache(Map<String, String> environment, Path log, PidFile pidFile, String... options) throws IOException {
        if (cache == null || Files.exists(cache)) {
            return;
        }
        var draft = cache.resolveSibling("draft.aot");
        Files.deleteIfExists(draft);
        var command = new ArrayList<>(List.of("nice", "-n", "19", ChildProcess.java()));
        command.addAll(List.of(options));
        command.addAll(
                List.of("-XX:AOTCacheOutput=" + draft, "-Dspring.context.exit=onRefresh", "-jar", jar.toString()));
        var started = ChildProcess.start(command, environment, log, pidFile);
        training = started;
        var waiting = new Thread(() -> keep(started, draft, cache), "aot-cache");
        waiting.setDaemon(true);
        waiting.start();
    }

    private static void keep(ChildProcess training, Path draft, Path cache) {
        try {
            if (training.waitFor(TRAINING_LIMIT) == 0 && Files.exists(draft)) {
                Files.move(draft, cache, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | TimeoutException e) {
            System.err.println("The AOT cache could not be created: " + e.getMessage());
        }
    }

    /** Stops the process that {@link #makeCache} has started. */
    void stop() throws IOException, InterruptedException {
        var started = training;
        if (started != null) {
            started.stop(STOP_TIMEOUT);
        }
    }
}
