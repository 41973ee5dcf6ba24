package io.perch.resourceserver.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.kafka.listener.ListenerExecutionFailedException;
import org.springframework.util.backoff.BackOffExecution;

class UserEventFailuresTest {

    private static final ConsumerRecord<String, byte[]> RECORD = new ConsumerRecord<>("user-events", 0, 0, "u", null);

    @Test
    void anUnavailableDatabaseIsRetriedWithoutLimit() {
        assertThat(pauses(new DataAccessResourceFailureException("away")))
                .hasSize(100_000)
                .containsOnly(200L, 400L, 800L, 1600L, 3200L, 5000L);
        assertThat(pauses(new QueryTimeoutException("slow"))).hasSize(100_000);
    }

    @Test
    void otherFailuresAreRetriedFiveTimes() {
        assertThat(pauses(new IllegalStateException("broken"))).containsExactly(200L, 400L, 800L, 1600L, 3200L);
    }

    private static long[] pauses(RuntimeException reason) {
        BackOffExecution pauses = UserEventFailures.backOff(
                        RECORD, new ListenerExecutionFailedException("failed", reason))
                .start();
        return LongStream.generate(pauses::nextBackOff)
                .takeWhile(pause -> pause != BackOffExecution.STOP)
                .limit(100_000)
                .toArray();
    }
}
