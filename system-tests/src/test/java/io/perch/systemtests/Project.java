package io.perch.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of this checkout, by their path from its root. */
public final class Project {

    private static final Path ROOT = findRoot();

    private Project() {}

    /** The absolute path of a file or folder, which need not exist. */
    public static Path path(String relative) {
        return ROOT.resolve(relative).normalize();
    }

    /** A file's whole text. */
    public static String text(String relative) {
        try {
            return Files.readString(path(relative));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the first group of {@code regex} catches in a file, match by match. */
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
