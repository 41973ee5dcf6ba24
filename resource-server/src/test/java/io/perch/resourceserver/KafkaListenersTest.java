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

/** Settings that every consumer needs, and that show only when a broker fails. The fault matrix shows what they are for. */
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

    /** An asynchronous commit may reach the broker after a later one, and then the older offset stays. */
    @Test
    void offsetsAreCommittedInTheirOrder() {
        assertThat(containers).isNotEmpty().allSatisfy(container -> {
            ContainerProperties properties = container.getContainerProperties();
            assertThat(properties.isSyncCommits()).isTrue();
            assertThat(Objects.requireNonNull(properties.getSyncCommitTimeout()))
                    .isGreaterThan(sessionTimeout);
        });
    }

    /** Without an interval a container stops for good when the broker refuses it access once. */
    @Test
    void aConsumerWhoseAccessWasRefusedTriesAgain() {
        assertThat(containers).allSatisfy(container -> assertThat(
                        container.getContainerProperties().getAuthExceptionRetryInterval())
                .isEqualTo(Duration.ofSeconds(10)));
    }
}
