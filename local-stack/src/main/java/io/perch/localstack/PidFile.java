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
 * Which processes a component has started, so that the launcher after one that was killed can end them.
 *
 * <p>A line is a process id and the process's start in milliseconds since the epoch. The same id with another
 * start is another process: it is never touched.
 *
 * @param file where it is kept; there is none while nothing runs
 */
record PidFile(Path file) {

    /** Start times come from the system's clock ticks and boot time, which a clock correction moves a little. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

    /** Notes the processes, in place of what was noted before. */
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

    /** The noted processes that still run. */
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
            // Half a line, from a launcher that was killed while it wrote
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
