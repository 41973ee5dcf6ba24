package io.perch.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of this project, by their path from its root. */
public final class Project {

    private static final Path ROOT = findRoot();

    private Project() {}

    /** The absolute path of a file or folder. It need not exist. */
    public static Path path(String relative) {
        return ROOT.resolve(relative).normalize();
    }

    /** The text of a file. */
    public static String text(String relative) {
        try {
            return Files.readString(path(relative));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first group of each match of {@code regex} in a file. */
    public static Stream<String> matches(String relative, String regex) {
        return Pattern.compile(regex, Pattern.MULTILINE)
                .matcher(text(relative))
                .results()
                .map(match -> match.group(1));
    }

    private static Path findRoot() {
        Path folder = Path.of("").toAbsolutePath();
        for (Path candidate = folder; candidate != null; candidate = candidate.getParent()) {
            if (Files.exists(candidate.resolve("docker-compose.yml"))) {
                return candidate;
            }
        }
        throw new IllegalStateException("no docker-compose.yml in " + folder + " or above it");
    }
}
