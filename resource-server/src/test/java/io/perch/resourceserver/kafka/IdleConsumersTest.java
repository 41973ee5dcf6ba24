package io.perch.resourceserver.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.event.ListenerContainerIdleEvent;

class IdleConsumersTest {

    private static final TopicPartition PARTITION = new TopicPartition("logins", 0);
    private static final TopicPartition OTHER = new TopicPartition("logins", 1);

    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>(AutoOffsetResetStrategy.LATEST.name());

    @BeforeEach
    void assign() {
        consumer.assign(List.of(PARTITION, OTHER));
        consumer.updateEndOffsets(Map.of(PARTITION, 78L, OTHER, 0L));
    }

    @Test
    void anOlderOffsetIsReplacedByThePosition() {
        consumer.seek(PARTITION, 78);
        consumer.seek(OTHER, 0);
        consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(47)));

        idle();

        assertThat(committed()).isEqualTo(78);
        assertThat(consumer.committed(Set.of(OTHER)).get(OTHER)).isNull();
    }

    @Test
    void aLaterOffsetStays() {
        consumer.seek(PARTITION, 47);
        consumer.seek(OTHER, 0);
        consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(78)));

        idle();

        assertThat(committed()).isEqualTo(78);
    }

    @Test
    void anUnavailableBrokerIsNoError() {
        consumer.seek(PARTITION, 78);
        consumer.seek(OTHER, 0);
        consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(47)));
        consumer.setOffsetsException(new KafkaException("not available"));

        idle();

        assertThat(consumer.assignment()).hasSize(2);
    }

    private long committed() {
        return Objects.requireNonNull(consumer.committed(Set.of(PARTITION)).get(PARTITION))
                .offset();
    }

    private void idle() {
        new IdleConsumers()
                .onIdle(new ListenerContainerIdleEvent(
                        this, this, 30_000, "perch-pipeline", consumer.assignment(), consumer, false));
    }
}
