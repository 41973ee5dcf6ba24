package io.perch.systemtests.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.systemtests.LocalStackProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Starts and stops of a local stack with one data directory. Each test starts the stack if it does not run, so it can
 * also run alone. The order of the tests avoids extra starts, which take most of the time.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class LocalStackLifeIT {

    private static final Path DATA = Path.of("target", "local-stack-life");
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final int BY_CTRL_C = 128 + 2;

    private @Nullable LocalStackProcess current;

    @Test
    @Order(1)
    void ctrlCStopsAllProcessesAndTheDataAreThereAfterTheNextStart() throws Exception {
        var first = running();
        var made = Contents.make(first.system());
        var processes = first.processes();
        assertThat(processes).hasSizeGreaterThanOrEqualTo(4);

        signal("-INT", first.process().pid());

        assertThat(first.awaitExit(STOP_LIMIT)).isEqualTo(BY_CTRL_C);
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(Contents.read(running().system(), made)).isEqualTo(made);
    }

    @Test
    @Order(2)
    void aSecondLauncherOnTheSameDataIsRefused() {
        var first = running();

        var second = LocalStackProcess.start(
                Path.of("target", "local-stack-second"),
                first.offset(),
                Map.of("PERCH_DATA_DIR", DATA.toAbsolutePath().toString()));

        assertThat(second.awaitExit(STOP_LIMIT)).isEqualTo(1);
        assertThat(second.output())
                .startsWith("perch: Perch already runs on the data directory " + DATA.toAbsolutePath())
                .hasLineCount(1);
        assertThat(first.process().isAlive()).isTrue();
    }

    @Test
    @Order(3)
    void afterAKillTheNextStartStopsOldProcessesAndHasTheData() throws Exception {
        var killed = running();
        var made = Contents.make(killed.system());
        // After this, the first task is older than the writes that a killed launcher may lose
        Contents.make(killed.system());
        var children = killed.process().descendants().toList();

        killed.process().destroyForcibly();
        killed.awaitExit(STOP_LIMIT);
        assertThat(children).anyMatch(ProcessHandle::isAlive);

        var next = running();
        assertThat(next.output()).contains("[keycloak] ending what an earlier run left: pid ");
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        assertThat(Contents.read(next.system(), made)).isEqualTo(made);
    }

    @Test
    @Order(4)
    void aComponentThatEndsStopsTheStackWithAOneLineMessage() {
        var stack = running();
        var processes = stack.processes();
        var redis = processes.stream()
                .filter(process -> process.info().command().orElse("").contains("redis"))
                .findFirst()
                .orElseThrow();

        redis.destroyForcibly();

        assertThat(stack.awaitExit(STOP_LIMIT)).isEqualTo(1);
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(stack.output().lines().filter(line -> line.startsWith("perch: ")))
                .containsExactly("perch: redis has ended unexpectedly; its log is "
                        + DATA.toAbsolutePath().resolve("logs").resolve("redis.log"));
    }

    private LocalStackProcess running() {
        var last = current;
        if (last != null && last.process().isAlive()) {
            return last;
        }
        var next = last == null
                ? LocalStackProcess.startFresh(DATA)
                : LocalStackProcess.start(DATA, last.offset(), Map.of());
        current = next;
        return next.awaitUp();
    }

    private static void signal(String signal, long pid) throws IOException {
        // The kill of the shell, because not every system has a program with that name
        var kill = new ProcessBuilder(List.of("sh", "-c", "kill " + signal + " " + pid)).start();
        await().until(() -> !kill.isAlive());
        assertThat(kill.exitValue()).isZero();
    }

    @AfterAll
    void stop() {
        if (current != null && current.process().isAlive()) {
            current.close();
        }
    }
}
