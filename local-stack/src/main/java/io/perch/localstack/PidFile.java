package io.perch.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The file with the processes of a component. If a launcher is killed, the next one reads it and stops them.
 *
 * <p>A line is a process id and the start time of the process in milliseconds since the epoch. A process with the same
 * id and another start time is another process, and is not stopped.
 *
 * @param file the file; it does not exist while no process runs
 */
record PidFile(Path file) {

    /** The start time is computed from clock ticks and the boot time. A correction of the clock changes it a little. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

    /** Replaces the content of the file with these processes. */
    void write(Collection<ProcessHandle> processes) throws IOException {
        var lines = new ArrayList<String>();
        for (var process : processes) {
            startOf(process).ifPresent(start -> lines.add(process.pid() + " " + start.toEpochMilli()));
        }
        Files.write(file, lines);
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    /** The processes of the file that still run. */
    List<ProcessHandle> running() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return Files.readAllLines(file).stream()
                .flatMap(line -> running(line).stream())
                .toList();
    }

    private static Optional<ProcessHandle> running(String line) {
        var fields = line.split(" ", -1);
        try {
            var start = Instant.ofEpochMilli(Long.parseLong(fields[1]));
            return ProcessHandle.of(Long.parseLong(fields[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> startOf(process)
                            .filter(actual -> isSame(start, actual))
                            .isPresent());
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            // An incomplete line, from a launcher that was killed while it wrote
            return Optional.empty();
        }
    }

    private static boolean isSame(Instant noted, Instant actual) {
        return Duration.between(noted, actual).abs().compareTo(CLOCK_TOLERANCE) <= 0;
    }

    private static Optional<Instant> startOf(ProcessHandle process) {
        return process.info().startInstant();
    }
}
