package io.perch.resourceserver.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.task.TaskRepresentation;
import io.perch.resourceserver.task.TaskSnapshot;
import io.perch.resourceserver.task.TaskStatus;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentTasksTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123Z");

    private final SentTasks sent = new SentTasks();

    @Test
    void anIdIsParsedBack() {
        sent.add(snapshot("a", 3, NOON));
        sent.add(snapshot("b", 7, NOON.minusSeconds(5)));

        LastEventId id = LastEventId.parse(sent.lastEventId().toString()).orElseThrow();

        assertThat(id).isEqualTo(sent.lastEventId());
        assertThat(id.latest()).isEqualTo(NOON);
        assertThat(id.includes(snapshot("a", 3, NOON))).isTrue();
        assertThat(id.includes(snapshot("a", 4, NOON))).isFalse();
        assertThat(id.includes(snapshot("b", 6, NOON))).isTrue();
        assertThat(id.includes(snapshot("c", 1, NOON))).isFalse();
    }

    @Test
    void aLateChangeDoesNotMoveTheIdBack() {
        sent.add(snapshot("a", 1, NOON));
        sent.add(snapshot("b", 1, NOON.minusSeconds(30)));

        assertThat(sent.lastEventId().latest()).isEqualTo(NOON);
        assertThat(sent.lastEventId().includes(snapshot("b", 1, NOON))).isTrue();
    }

    @Test
    void oldChangesAreNotInTheId() {
        sent.add(snapshot("a", 1, NOON.minus(LastEventId.OVERLAP).minusMillis(1)));
        sent.add(snapshot("b", 1, NOON.minus(LastEventId.OVERLAP)));
        sent.add(snapshot("c", 1, NOON));

        assertThat(sent.lastEventId().versions()).hasSize(2);
        assertThat(sent.lastEventId().since()).isEqualTo(NOON.minus(LastEventId.OVERLAP));
    }

    @Test
    void anIdIsShortWithManyTasks() {
        for (int i = 0; i < 10_000; i++) {
            sent.add(snapshot("task-" + i, 3, NOON.plusMillis(i)));
        }

        String id = sent.lastEventId().toString();

        assertThat(id.length()).isLessThan(1_500);
        assertThat(LastEventId.parse(id)).contains(sent.lastEventId());
        assertThat(sent.lastEventId().includes(snapshot("task-9999", 3, NOON))).isTrue();
    }

    @Test
    void aTaskIsOpenUntilItsFinalStateIsSent() {
        sent.add(snapshot("a", 1, NOON));
        sent.add(snapshot("b", 1, NOON));
        sent.add(snapshot("a", 2, NOON, TaskStatus.SUCCESS));

        assertThat(sent.open()).containsExactly("b");
        assertThat(sent.isNew(snapshot("a", 2, NOON))).isFalse();
        assertThat(sent.isNew(snapshot("a", 3, NOON))).isTrue();
    }

    private static TaskSnapshot snapshot(String taskId, int version, Instant at) {
        return snapshot(taskId, version, at, TaskStatus.RUNNING);
    }

    private static TaskSnapshot snapshot(String taskId, int version, Instant at, TaskStatus status) {
        TaskRepresentation task =
                new TaskRepresentation(taskId, "account", "name", status, 1, null, null, null, at, at, null, List.of());
        return new TaskSnapshot("user", task, version);
    }
}
