package io.perch.resourceserver.pipeline;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaOperations;

/**
 * Sends records to Kafka in order, on its own thread, so no caller waits for an unavailable broker. A record may be lost; data
 * that must not be lost is in the database.
 */
class Publisher {

    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    private final KafkaOperations<String, byte[]> kafka;
    private final TaskExecutor executor;

    Publisher(KafkaOperations<String, byte[]> kafka, TaskExecutor executor) {
        this.kafka = kafka;
        this.executor = executor;
    }

    /** Sends a record asynchronously. A failure is logged. */
    void publish(ProducerRecord<String, byte[]> record) {
        try {
            executor.execute(() -> send(record));
        } catch (TaskRejectedException e) {
            log.warn("topic={} key={} not published: too many records wait for Kafka", record.topic(), record.key());
        }
    }

    private void send(ProducerRecord<String, byte[]> record) {
        try {
            var unused = kafka.send(record).whenComplete((sent, failure) -> {
                if (failure != null) {
                    logUnpublished(record, failure);
                }
            });
        } catch (KafkaException e) {
            logUnpublished(record, e);
        }
    }

    private static void logUnpublished(ProducerRecord<String, byte[]> record, Throwable reason) {
        log.warn("topic={} key={} not published: {}", record.topic(), record.key(), reason.getMessage());
    }
}
