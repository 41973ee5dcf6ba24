package io.perch.resourceserver.pipeline;

import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.scheduling.annotation.Scheduled;

/** Makes sure that the topics are there: Spring makes them at the start, but does not try again if Kafka is away then. */
class Topics {

    private final KafkaAdmin kafka;
    private boolean made;

    Topics(KafkaAdmin kafka) {
        this.kafka = kafka;
    }

    @Scheduled(initialDelayString = "10s", fixedDelayString = "10s")
    synchronized void make() {
        if (!made) {
            made = kafka.initialize();
        }
    }
}
