package io.perch.resourceserver.pipeline;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.scheduling.annotation.Scheduled;

/** Creates missing topics. Spring does this at the start, but does not retry if Kafka is unavailable then. */
class Topics {

    private static final Logger log = LoggerFactory.getLogger(Topics.class);

    private final KafkaAdmin kafka;
    private boolean created;

    Topics(KafkaAdmin kafka) {
        this.kafka = kafka;
    }

    @Scheduled(initialDelayString = "10s", fixedDelayString = "10s")
    synchronized void create() {
        try {
            created = created || kafka.initialize();
        } catch (IllegalStateException | KafkaException e) {
            log.warn("The topics are not created yet: {}", e.getMessage());
        }
    }
}
