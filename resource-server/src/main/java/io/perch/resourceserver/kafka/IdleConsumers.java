package io.perch.resourceserver.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.event.ListenerContainerIdleEvent;
import org.springframework.stereotype.Component;

/**
 * Commits the position of a consumer that gets no records, if the committed offset is older.
 *
 * <p>If a commit fails during a rebalance, Spring Kafka repeats it after the rebalance. In the meantime another instance may have had
 * the partition and may have committed a later offset. Then the older offset would remain until the next record arrives: the lag would
 * be wrong, and a restart would read records again. All records before the position of an idle consumer are processed.
 */
@Component
class IdleConsumers {

    private static final Logger log = LoggerFactory.getLogger(IdleConsumers.class);

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Called by the thread of the consumer, every {@code spring.kafka.listener.idle-event-interval}. */
    @EventListener
    void onIdle(ListenerContainerIdleEvent idle) {
        Consumer<?, ?> consumer = idle.getConsumer();
        try {
            Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
            consumer.committed(consumer.assignment(), TIMEOUT).forEach((partition, committed) -> {
                long position = consumer.position(partition, TIMEOUT);
                if (committed != null && committed.offset() < position) {
                    positions.put(partition, new OffsetAndMetadata(position));
                }
            });
            if (!positions.isEmpty()) {
                consumer.commitSync(positions, TIMEOUT);
                log.info("{} older offsets are replaced: {}", idle.getListenerId(), positions);
            }
        } catch (KafkaException e) {
            log.debug("The offsets of {} are not compared: {}", idle.getListenerId(), e.getMessage());
        }
    }
}
