package io.perch.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts that fail because of a setting. */
class MainTest {

    @TempDir
    private Path directory;

    @Test
    void settingsAreReadFromTheEnvFile() throws Exception {
        writeEnv("PERCH_REDIS_PORT='wrong'");

        assertThat(errorOfStart("", "")).isEqualTo("perch: PERCH_REDIS_PORT must be a number, not 'wrong'\n");
    }

    @Test
    void aRealVariableHasPriorityOverTheEnvFile() throws Exception {
        writeEnv("PERCH_REDIS_PORT=wrong\n");

        assertThat(errorOfStart("PERCH_REDIS_PORT", "other"))
                .isEqualTo("perch: PERCH_REDIS_PORT must be a number, not 'other'\n");
    }

    @Test
    void aBrokenEnvFileIsAnErrorInOneLine() throws Exception {
        writeEnv("A=1\nB='top-secret");

        assertThat(errorOfStart("", ""))
                .isEqualTo("perch: .env, line 2: B: the quotes do not end, or text follows them\n");
    }

    private void writeEnv(String text) throws IOException {
        Files.writeString(directory.resolve(".env"), text);
    }

    private String errorOfStart(String variable, String value) throws Exception {
        var start = new ProcessBuilder(
                        ChildProcess.java(), "-cp", System.getProperty("java.class.path"), Main.class.getName())
                .directory(directory.toFile());
        if (!variable.isEmpty()) {
            start.environment().put(variable, value);
        }
        var process = start.start();
        var error = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(2);
        return error;
    }
}
