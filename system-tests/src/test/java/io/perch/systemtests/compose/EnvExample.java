package io.perch.systemtests.compose;

import static java.util.stream.Collectors.toMap;

import io.perch.systemtests.Project;
import java.util.Map;
import java.util.TreeMap;

/** The variables of {@code .env.example} with their values. */
final class EnvExample {

    private EnvExample() {}

    static Map<String, String> read() {
        return Project.text(".env.example")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("=", 2))
                .collect(toMap(
                        parts -> parts[0],
                        parts -> parts[1],
                        (one, other) -> {
                            throw new IllegalStateException("a variable is defined twice: " + one + ", " + other);
                        },
                        TreeMap::new));
    }
}
