package io.perch.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {

    @TempDir
    private Path temporary;

    @Test
    void aRecordedProcessIsFoundWhileItRuns() throws IOException {
        var pidFile = new PidFile(temporary.resolve("server.pid"));
        pidFile.write(List.of(ProcessHandle.current()));

        assertThat(pidFile.running()).containsExactly(ProcessHandle.current());
    }

    @Test
    void anotherProcessWithTheSameIdIsIgnored() throws IOException {
        var pidFile = new PidFile(temporary.resolve("server.pid"));
        var start = ProcessHandle.current().info().startInstant().orElseThrow();
        var earlier = start.minusSeconds(60).toEpochMilli();
        Files.writeString(pidFile.file(), ProcessHandle.current().pid() + " " + earlier + "\n");

        assertThat(pidFile.running()).isEmpty();
    }

    @Test
    void anIncompleteLineAndAMissingFileAreIgnored() throws IOException {
        var pidFile = new PidFile(temporary.resolve("server.pid"));
        assertThat(pidFile.running()).isEmpty();

        Files.writeString(pidFile.file(), Long.toString(ProcessHandle.current().pid()));
        assertThat(pidFile.running()).isEmpty();
    }
}
