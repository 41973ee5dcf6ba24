package io.perch.resourceserver;

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

/** The server and its commands in a directory with a file {@code .env}. */
class EnvFileTest {

    @TempDir
    private Path directory;

    @Test
    void theServerReadsItsSettingsFromTheFile() throws Exception {
        writeEnv("# which Spring Boot maps to server.port\nexport SERVER_PORT='wrong port' # not a number");

        assertThat(output(1)).contains("server.port", "wrong port");
    }

    @Test
    void aLineThatCannotBeReadIsNamedWithoutItsValue() throws Exception {
        writeEnv("SERVER_PORT=0\nENCRYPTION_KEYSET=\"top-secret\n");

        assertThat(output(1))
                .contains(".env, line 2: ENCRYPTION_KEYSET: the quotes do not end, or text follows them")
                .doesNotContain("top-secret", "\tat ");
    }

    @Test
    void theCommandsForKeysetsReadTheFileToo() throws Exception {
        // From JDK 24 on, the JVM warns about a library in further lines
        String keyset = output(0, "generate-keyset")
                .lines()
                .filter(line -> line.startsWith("{"))
                .findFirst()
                .orElseThrow();
        writeEnv("ENCRYPTION_KEYSET='" + keyset + "'\n");

        assertThat(output(0, "rotate-keyset")).contains("primaryKeyId");

        writeEnv("ENCRYPTION_KEYSET='" + keyset + "\n");
        assertThat(output(1, "rotate-keyset"))
                .isEqualTo(".env, line 1: ENCRYPTION_KEYSET: the quotes do not end, or text follows them\n");
    }

    private void writeEnv(String text) throws IOException {
        Files.writeString(directory.resolve(".env"), text);
    }

    private String output(int exitCode, String... command) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        // JaCoCo's agent, so that what the process executes counts as covered
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-javaagent:"))
                .forEach(line::add);
        line.add(ResourceServerApplication.class.getName());
        line.addAll(List.of(command));
        ProcessBuilder start =
                new ProcessBuilder(line).directory(directory.toFile()).redirectErrorStream(true);
        start.environment().remove("ENCRYPTION_KEYSET");
        Process process = start.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(exitCode);
        return output;
    }
}
