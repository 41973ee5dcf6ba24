package io.perch.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryTest {

    @TempDir
    private Path temporary;

    @Test
    void theSummaryHasAllAddressesAndDemoUsers() throws Exception {
        assertThat(summary())
                .contains("Perch is up")
                .containsSubsequence("http://localhost:3100", "http://localhost:8180")
                .contains("http://localhost:8180/admin/master/console/", "http://localhost:8100/docs")
                .contains("localhost:9192", "mongodb://localhost:27117", "redis://localhost:6479")
                .contains(temporary.resolve("mail").toString())
                .contains("perch-demo-alice", "perch-demo-mona", "perch-demo-ada");
    }

    /** The test replaces curl and sleep, so only the shell code of the lines is tested. */
    @Test
    void theThreeLinesPassOnTheTokenAndTheTask() throws Exception {
        var lines = summary().lines().filter(line -> line.contains("curl")).collect(Collectors.toList());
        assertThat(lines).hasSize(3);
        lines.add(0, """
                sleep() { :; }
                curl() {
                  case "$*" in
                    *openid-connect/token*) echo '{"access_token":"the.token","expires_in":900}' ;;
                    *twitter-login*"Bearer the.token"*) echo '{"task_id" : "the-task"}' ;;
                    *) echo "asked: $*" ;;
                  esac
                }
                """);

        assertThat(run(String.join("\n", lines)))
                .isEqualTo("asked: -sS http://localhost:8100/tasks/the-task -H Authorization: Bearer the.token\n");
    }

    private String summary() throws Exception {
        try (var data = DataDirectory.lock(temporary)) {
            return Summary.of(Ports.of(Map.of(), 100), data);
        }
    }

    private static String run(String script) throws IOException, InterruptedException {
        var process = new ProcessBuilder("sh", "-eu", "-c", script)
                .redirectErrorStream(true)
                .start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
