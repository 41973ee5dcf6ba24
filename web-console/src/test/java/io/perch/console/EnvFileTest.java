package io.perch.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consoles that start in a directory with a file {@code .env}, and end because a setting is wrong. */
class EnvFileTest {

    @TempDir
    private Path directory;

    @Test
    void settingsAreReadFromTheFile() throws Exception {
        writeEnv("# which Spring Boot maps to server.port\nexport SERVER_PORT='wrong port' # not a number");

        assertThat(outputOfStart("", "")).contains("server.port", "wrong port");
    }

    @Test
    void aRealVariableHasPriorityOverTheFile() throws Exception {
        writeEnv("SERVER_PORT=wrong");

        assertThat(outputOfStart("SERVER_PORT", "other")).contains("Invalid value 'other' for configuration property");
    }

    @Test
    void aLineThatCannotBeReadIsNamedWithoutItsValue() throws Exception {
        writeEnv("SERVER_PORT=0\nCONSOLE_CLIENT_SECRET='top-secret\n");

        assertThat(outputOfStart("", ""))
                .contains(".env, line 2: CONSOLE_CLIENT_SECRET: the quotes do not end, or text follows them")
                .doesNotContain("top-secret", "\tat ");
    }

    private void writeEnv(String text) throws IOException {
        Files.writeString(directory.resolve(".env"), text);
    }

    private String outputOfStart(String variable, String value) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        // JaCoCo's agent, so that what the process executes counts as covered
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-javaagent:"))
                .forEach(line::add);
        line.add(ConsoleApplication.class.getName());
        ProcessBuilder start =
                new ProcessBuilder(line).directory(directory.toFile()).redirectErrorStream(true);
        if (!variable.isEmpty()) {
            start.environment().put(variable, value);
        }
        Process process = start.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(1);
        return output;
    }
}
