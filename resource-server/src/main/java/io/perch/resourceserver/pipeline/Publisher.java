package io.perch.resourceserver.pipeline;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaOperations;

/**
 * Sends records to Kafka, in order and out of the caller's way: nobody waits for a broker that is away. A record may get
 * lost; what must not be lost is in the database.
 */
class Publisher {

    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    private final KafkaOperations<String, byte[]> kafka;
    private final TaskExecutor executor;

    Publisher(KafkaOperations<String, byte[]> kafka, TaskExecutor executor) {
        this.kafka = kafka;
        this.executor = executor;
    }

    void publish(String topic, String key, Supplier<byte[]> value) {
        try {
            executor.execute(() -> send(topic, key, value.get()));
        } catch (TaskRejectedException e) {
            log.warn("topic={} key={} not published: Kafka does not keep up", topic, key);
        }
    }

    private void send(String topic, String key, byte[] value) {
        try {
            var unused = kafka.send(topic, key, value).whenComplete((sent, failure) -> {
                if (failure != null) {
                    logUnpublished(topic, key, failure);
                }
            });
        } catch (KafkaException e) {
            logUnpublished(topic, key, e);
        }
    }

    private static void logUnpublished(String topic, String key, Throwable reason) {
        log.warn("topic={} key={} not published: {}", topic, key, reason.getMessage());
    }
}
