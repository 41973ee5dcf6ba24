package io.perch.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The metrics of the providers are those of the documentation, from the start of the server on. */
public class MetricsIT {

    @Test
    void everyMetricIsDocumentedAndEveryDocumentedOneExists() throws IOException {
        String document = Files.readString(Path.of("../docs/reference/metrics.md"));
        int start = document.indexOf("## Keycloak's providers");
        String section = document.substring(start, document.indexOf("\n## ", start + 1));
        try (KeycloakProcess keycloak = KeycloakProcess.start(Map.of(), List.of("--db=dev-mem"))) {
            assertEquals(
                    names("`(perch_\\w+)", section),
                    // The series of a histogram are one metric
                    names("(?m)^(perch_\\w+?)(?:_bucket|_count|_sum|_max)?[{ ]", keycloak.metrics()));
        }
    }

    private static Set<String> names(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(metric -> metric.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The value of a sample, such as {@code name{tag="value"}}. Fails if there is none. */
    public static double value(String metrics, String sample) {
        Matcher line =
                Pattern.compile("(?m)^" + Pattern.quote(sample) + " (\\S+)$").matcher(metrics);
        if (!line.find()) {
            throw new AssertionError("No " + sample + " in " + metrics);
        }
        return Double.parseDouble(line.group(1));
    }
}
