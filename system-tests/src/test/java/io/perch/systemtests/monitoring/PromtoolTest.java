package io.perch.systemtests.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.perch.systemtests.Project;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus' own tool reads the rules and the example of a configuration, and runs the tests of the rules. */
class PromtoolTest {

    private final Path output;

    PromtoolTest(@TempDir Path folder) {
        this.output = folder.resolve("output");
    }

    @BeforeEach
    void needsPromtool() {
        assumeTrue(
                Pattern.compile(Pattern.quote(File.pathSeparator))
                        .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool"))),
                "promtool is not on the path, so that the alerts are not tested (Debian has it in the package"
                        + " prometheus)");
    }

    @Test
    void theRulesAreValid() throws Exception {
        long rules = MonitoringFiles.rules().count();

        assertThat(promtool("check", "rules", MonitoringFiles.RULES))
                .contains("SUCCESS: " + rules + " rules found")
                .doesNotContain("duplicate");
    }

    @Test
    void theConfigurationIsValid() throws Exception {
        assertThat(promtool("check", "config", "--syntax-only", MonitoringFiles.SCRAPING))
                .contains("SUCCESS");
    }

    @Test
    void theAlertsFireAndStaySilentAsTheirTestsSay() throws Exception {
        assertThat(promtool("test", "rules", MonitoringFiles.RULES_TEST)).contains("SUCCESS");
    }

    /** What it prints; fails where it ends with an error. */
    private String promtool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(Project.path(MonitoringFiles.FOLDER).toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", command) + " has not ended after a minute");
        }
        String printed = Files.readString(output);
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }
}
