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

/** A server that runs as a process of its own: its output goes to a log file, its pids to a pid file. */
final class ChildProcess {

    /**
     * Ctrl-C and a closed terminal reach every process of the terminal at once. The children leave them to the
     * launcher, which stops them in order: what is ignored stays ignored in the program that takes the shell's place.
     */
    private static final List<String> DEAF_TO_THE_TERMINAL = List.of("sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh");

    private static final Duration FORCED_END = Duration.ofSeconds(5);

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
     * @param environment its whole environment
     * @param log receives its output, after what is already there
     */
    static ChildProcess start(List<String> command, Map<String, String> environment, Path log, PidFile pidFile)
            throws IOException {
        var line = new ArrayList<>(DEAF_TO_THE_TERMINAL);
        line.addAll(command);
        var builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        var child = new ChildProcess(builder.start(), pidFile);
        child.note();
        return child;
    }

    /** The java that runs this launcher. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** How it ended, for a message; only for a process that is not alive. */
    String ending() {
        return "ended with code " + process.exitValue();
    }

    /** Waits for the process to end by itself. */
    int waitFor(Duration limit) throws InterruptedException, TimeoutException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new TimeoutException();
        }
        return process.exitValue();
    }

    /** Notes the process and those that it has started by now. Called while it starts: a script's child comes late. */
    synchronized void note() throws IOException {
        boolean isNew = known.add(process.toHandle());
        isNew |= known.addAll(process.descendants().toList());
        if (isNew) {
            pidFile.write(known);
        }
    }

    /** Asks the process and its children to end, and makes them after a while. */
    synchronized void stop(Duration patience) throws IOException, InterruptedException {
        known.addAll(process.descendants().toList());
        process.destroy();
        end(known, patience);
        pidFile.delete();
    }

    /** Ends what a launcher that was killed has left running. */
    static void endLeftOver(Collection<ProcessHandle> processes, Duration patience) throws InterruptedException {
        processes.forEach(ProcessHandle::destroy);
        end(processes, patience);
    }

    private static void end(Collection<ProcessHandle> processes, Duration patience) throws InterruptedException {
        if (!awaitEnd(processes, patience)) {
            processes.forEach(ProcessHandle::destroyForcibly);
            awaitEnd(processes, FORCED_END);
        }
    }

    private static boolean awaitEnd(Collection<ProcessHandle> processes, Duration patience)
            throws InterruptedException {
        var ends = processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
