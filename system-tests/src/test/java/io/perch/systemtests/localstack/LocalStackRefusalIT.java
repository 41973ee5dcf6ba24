package io.perch.systemtests.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.LocalStackProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errors that the launcher reports before it starts anything. */
class LocalStackRefusalIT {

    private static final Duration EXIT_LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path temporary;

    @Test
    void aPortInUseIsReportedInOneLineWithItsServer() throws IOException {
        int offset = LocalStackProcess.freeOffset();
        try (var socket = new ServerSocket(1025 + offset, 1, InetAddress.getLoopbackAddress())) {
            var launcher = LocalStackProcess.start(temporary.resolve("data"), offset, Map.of());

            assertThat(launcher.awaitExit(EXIT_LIMIT)).isEqualTo(1);
            assertThat(launcher.output())
                    .startsWith("perch: A port is taken: " + socket.getLocalPort() + " (mail, PERCH_SMTP_PORT)")
                    .hasLineCount(1);
        }
    }

    @Test
    void anInvalidPortIsReportedInOneLineWithExitCodeTwo() {
        var launcher = LocalStackProcess.start(temporary.resolve("data"), 0, Map.of("PERCH_API_PORT", "eighty"));

        assertThat(launcher.awaitExit(EXIT_LIMIT)).isEqualTo(2);
        assertThat(launcher.output())
                .startsWith("perch: PERCH_API_PORT must be a number, not 'eighty'")
                .hasLineCount(1);
    }

    @Test
    void aDataDirectoryThatCannotBeWrittenIsReportedInOneLine() throws IOException {
        var file = Files.createFile(temporary.resolve("file"));
        var launcher = LocalStackProcess.start(
                temporary.resolve("data"),
                0,
                Map.of("PERCH_DATA_DIR", file.resolve("data").toString()));

        assertThat(launcher.awaitExit(EXIT_LIMIT)).isEqualTo(1);
        assertThat(launcher.output())
                .startsWith("perch: The data directory " + file.resolve("data") + " cannot be written")
                .hasLineCount(1);
    }
}
