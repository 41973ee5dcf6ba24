package io.perch.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {

    private static final Duration SOON = Duration.ofMillis(200);

    @TempDir
    private Path temporary;

    @Test
    void itsOutputGoesToTheLog() throws Exception {
        var child = start("echo from out; echo from err >&2");

        assertThat(child.waitFor(Duration.ofSeconds(10))).isZero();
        assertThat(log()).content().contains("from out").contains("from err");
    }

    @Test
    void aStopEndsTheProcessAndItsChildren() throws Exception {
        var child = start("sleep 1000 & trap 'kill $!' TERM; wait");
        var pidFile = pidFile();
        awaitProcesses(child, 2);
        var processes = pidFile.running();

        child.stop(Duration.ofSeconds(10));

        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(pidFile.file()).doesNotExist();
    }

    @Test
    void aProcessThatIgnoresTheStopIsKilled() throws Exception {
        var child = start("trap '' TERM; sleep 1000 & sleep 1000");
        awaitProcesses(child, 3);
        var processes = pidFile().running();

        child.stop(SOON);

        assertThat(processes).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void aChildIgnoresSignalsOfTheTerminal() throws Exception {
        var child = start("kill -INT $$; kill -HUP $$; echo still here; sleep 1000");

        await().untilAsserted(() -> assertThat(log()).content().contains("still here"));
        assertThat(child.isAlive()).isTrue();
        child.stop(SOON);
    }

    @Test
    void processesOfAKilledLauncherAreStopped() throws Exception {
        var child = start("sleep 1000");
        var leftOver = pidFile().running();
        assertThat(leftOver).isNotEmpty();

        ChildProcess.endLeftOver(leftOver, Duration.ofSeconds(10));

        await().until(() -> !child.isAlive());
    }

    private ChildProcess start(String script) throws IOException {
        return ChildProcess.start(List.of("sh", "-c", script), System.getenv(), log(), pidFile());
    }

    private void awaitProcesses(ChildProcess child, int count) {
        await().until(() -> {
            child.recordProcesses();
            return pidFile().running().size() >= count;
        });
    }

    private Path log() {
        return temporary.resolve("child.log");
    }

    private PidFile pidFile() {
        return new PidFile(temporary.resolve("child.pid"));
    }
}
