package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.MessageListenerContainer;

/** Settings that every consumer needs. They matter only when a broker fails; the fault matrix tests that. */
@ResourceServerTest
class KafkaListenersTest {

    private final Collection<MessageListenerContainer> containers;
    private final Duration sessionTimeout;

    @Autowired
    KafkaListenersTest(
            KafkaListenerEndpointRegistry registry,
            @Value("${spring.kafka.consumer.properties.session.timeout.ms}") long sessionTimeoutMillis) {
        this.containers = registry.getListenerContainers();
        this.sessionTimeout = Duration.ofMillis(sessionTimeoutMillis);
    }

    /** An asynchronous commit may arrive after a later one, and the older offset would be stored. */
    @Test
    void offsetsAreCommittedInOrder() {
        assertThat(containers).isNotEmpty().allSatisfy(container -> {
            ContainerProperties properties = container.getContainerProperties();
            assertThat(properties.isSyncCommits()).isTrue();
            assertThat(Objects.requireNonNull(properties.getSyncCommitTimeout()))
                    .isGreaterThan(sessionTimeout);
        });
    }

    /** Without an interval, a container stops after the first refused access. */
    @Test
    void aConsumerRetriesAfterARefusedAccess() {
        assertThat(containers).allSatisfy(container -> assertThat(
                        container.getContainerProperties().getAuthExceptionRetryInterval())
                .isEqualTo(Duration.ofSeconds(10)));
    }
}
