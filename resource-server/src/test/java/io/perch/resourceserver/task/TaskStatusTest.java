package io.perch.resourceserver.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskStatusTest {

    @ParameterizedTest
    @EnumSource
    void onlyAFailureCanBeRetriedAndEveryOpenStateCanEnd(TaskStatus status) {
        for (TaskStatus next : TaskStatus.values()) {
            boolean replay = status == TaskStatus.FAILURE && next == TaskStatus.PENDING;
            assertThat(status.canBecome(next) && status.isFinal()).isEqualTo(replay);
        }
        assertThat(status.canBecome(TaskStatus.FAILURE)).isEqualTo(!status.isFinal());
        assertThat(status.canBecome(TaskStatus.CANCELLED)).isEqualTo(!status.isFinal());
    }

    @Test
    void onlyARunningTaskSucceeds() {
        for (TaskStatus status : TaskStatus.values()) {
            assertThat(status.canBecome(TaskStatus.SUCCESS)).isEqualTo(status == TaskStatus.RUNNING);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWireNameIsParsedBack(TaskStatus status) {
        assertThat(TaskStatus.ofWireName(status.wireName())).isEqualTo(status);
        assertThatIllegalArgumentException().isThrownBy(() -> TaskStatus.ofWireName(status.name()));
    }
}
