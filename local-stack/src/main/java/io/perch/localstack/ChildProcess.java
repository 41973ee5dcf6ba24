package io.perch.localstack;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server in its own process. Its output goes to a log file, and its process ids go to a pid file. */
final class ChildProcess {

    /**
     * The terminal sends Ctrl-C (SIGINT) and its close (SIGHUP) to all of its processes at once. The children ignore
     * both signals, and the launcher stops them in order. A program that is started by {@code exec} still ignores the
     * signals that the shell ignored.
     */
    private static final List<String> IGNORE_TERMINAL_SIGNALS =
            List.of("sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh");

    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(5);

    private final Process process;
    private final PidFile pidFile;
    private final Set<ProcessHandle> known = new LinkedHashSet<>();

    private ChildProcess(Process process, PidFile pidFile) {
        this.process = process;
        this.pidFile = pidFile;
    }

    /**
     * Starts a process.
     *
     * @param environment all environment variables of the process
     * @param log its output is appended to this file
     */
    static ChildProcess start(List<String> command, Map<String, String> environment, Path log, PidFile pidFile)
            throws IOException {
        var line = new ArrayList<>(IGNORE_TERMINAL_SIGNALS);
        line.addAll(command);
        var builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        var child = new ChildProcess(builder.start(), pidFile);
        child.recordProcesses();
        return child;
    }

    /** The {@code java} program that runs this launcher. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit code, as text for a message. Call it only when the process has ended. */
    String exitDescription() {
        return "ended with code " + process.exitValue();
    }

    /** Waits until the process ends by itself, and returns its exit code. */
    int waitFor(Duration limit) throws InterruptedException, TimeoutException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new TimeoutException();
        }
        return process.exitValue();
    }

    /**
     * Writes the pids of the process and of its present children to the pid file. It is called repeatedly during the
     * start, because a script starts its child only after some time.
     */
    synchronized void recordProcesses() throws IOException {
        boolean isNew = known.add(process.toHandle());
        isNew |= known.addAll(process.descendants().toList());
        if (isNew) {
            pidFile.write(known);
        }
    }

    /** Stops the process and its children. Those that still run after the timeout are killed. */
    synchronized void stop(Duration timeout) throws IOException, InterruptedException {
        known.addAll(process.descendants().toList());
        process.destroy();
        end(known, timeout);
        pidFile.delete();
    }

    /** Stops processes that still run after their launcher was killed. */
    static void endLeftOver(Collection<ProcessHandle> processes, Duration timeout) throws InterruptedException {
        processes.forEach(ProcessHandle::destroy);
        end(processes, timeout);
    }

    private static void end(Collection<ProcessHandle> processes, Duration timeout) throws InterruptedException {
        if (!awaitEnd(processes, timeout)) {
            processes.forEach(ProcessHandle::destroyForcibly);
            awaitEnd(processes, KILL_TIMEOUT);
        }
    }

    private static boolean awaitEnd(Collection<ProcessHandle> processes, Duration timeout) throws InterruptedException {
        var ends = processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
