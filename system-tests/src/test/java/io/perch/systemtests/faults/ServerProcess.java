package io.perch.systemtests.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that signals reach; its output goes to a log, after what is there. */
final class ServerProcess implements AutoCloseable {

    private static final Duration LAST_LIMIT = Duration.ofSeconds(10);

    private final Process process;

    private ServerProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts {@code java} with these arguments.
     *
     * @param environment all that it gets beside what programs need to run at all
     */
    static ServerProcess java(List<String> arguments, Map<String, String> environment, Path log) {
        return java(arguments, environment, log, log);
    }

    /**
     * Starts {@code java} with these arguments.
     *
     * @param environment all that it gets beside what programs need to run at all
     * @param errors where its standard error goes; newer JVMs print warnings there
     */
    static ServerProcess java(List<String> arguments, Map<String, String> environment, Path output, Path errors) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // These JVMs live for a minute: what they save on compiling and collecting, the others on this machine have
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

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGSTOP: it stands still, with its connections open, and knows nothing of it. */
    void freeze() {
        signal("STOP");
    }

    /** SIGCONT: it goes on. */
    void thaw() {
        signal("CONT");
    }

    /** SIGKILL, and waits for the end. */
    void kill() {
        process.destroyForcibly();
        if (!endsWithin(LAST_LIMIT)) {
            throw new IllegalStateException(process.pid() + " outlived SIGKILL");
        }
    }

    /** SIGTERM: it may end in its own way. */
    void terminate() {
        process.destroy();
    }

    boolean endsWithin(Duration limit) {
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
