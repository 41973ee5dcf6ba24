package io.perch.resourceserver.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perch.resourceserver.web.ProblemException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private final Admission admission = new Admission(
            new TaskProperties(
                    Duration.ofSeconds(60),
                    8,
                    Duration.ofSeconds(2),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10),
                    3,
                    Duration.ofDays(1),
                    Duration.ofDays(90),
                    4,
                    Duration.ofMinutes(10)),
            new SimpleMeterRegistry());

    @Test
    void aboveTheLimitSubmissionsAreRefusedUntilHalfHaveEnded() {
        for (int i = 0; i < 4; i++) {
            admission.enter();
        }
        assertRefused();
        admission.leave();
        assertRefused();
        admission.leave();
        admission.leave();

        admission.enter();
        admission.leave();
    }

    @Test
    void anOldBacklogRefusesSubmissionsUntilItIsHalfAsOld() {
        admission.backlogAge(Duration.ofMinutes(11));
        assertRefused();
        admission.backlogAge(Duration.ofMinutes(6));
        assertRefused();
        admission.backlogAge(Duration.ofMinutes(5));

        admission.enter();
    }

    private void assertRefused() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(admission::enter)
                .satisfies(refused -> {
                    assertThat(refused.getStatusCode().value()).isEqualTo(503);
                    assertThat(refused.getHeaders().getFirst("Retry-After")).isEqualTo("5");
                });
    }
}
