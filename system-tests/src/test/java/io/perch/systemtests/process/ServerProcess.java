package io.perch.systemtests.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM in its own process. Its output is appended to a log. */
public final class ServerProcess implements AutoCloseable {

    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

    private final Process process;

    private ServerProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts {@code java} with the given arguments.
     *
     * @param environment its environment variables, besides PATH, HOME, TMPDIR and LANG
     */
    public static ServerProcess java(List<String> arguments, Map<String, String> environment, Path log) {
        return java(arguments, environment, log, log);
    }

    /**
     * Starts {@code java} with the given arguments.
     *
     * @param environment its environment variables, besides PATH, HOME, TMPDIR and LANG
     * @param errors the file for its standard error, where newer JVMs print warnings
     */
    public static ServerProcess java(
            List<String> arguments, Map<String, String> environment, Path output, Path errors) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // These JVMs run for a minute only: without C2 and parallel GC they take less CPU from the other servers
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(output.equals(errors))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        if (!output.equals(errors)) {
            builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        }
        builder.environment().keySet().retainAll(List.of("PATH", "HOME", "TMPDIR", "LANG"));
        builder.environment().putAll(environment);
        try {
            return new ServerProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Sends SIGSTOP: the process is paused, and its connections stay open. */
    public void pause() {
        signal("STOP");
    }

    /** Sends SIGCONT: the process continues. */
    public void resume() {
        signal("CONT");
    }

    /** Sends SIGKILL and waits for the end. */
    public void kill() {
        process.destroyForcibly();
        if (!endsWithin(KILL_TIMEOUT)) {
            throw new IllegalStateException(process.pid() + " still runs after SIGKILL");
        }
    }

    /** Sends SIGTERM: the process stops in an orderly way. */
    public void terminate() {
        process.destroy();
    }

    public boolean endsWithin(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
