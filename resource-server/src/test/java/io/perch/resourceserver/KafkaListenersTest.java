package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerConfig;
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
    private final String defaultReset;

    @Autowired
    KafkaListenersTest(
            KafkaListenerEndpointRegistry registry,
            @Value("${spring.kafka.consumer.properties.session.timeout.ms}") long sessionTimeoutMillis,
            @Value("${spring.kafka.consumer.auto-offset-reset}") String defaultReset) {
        this.containers = registry.getListenerContainers();
        this.sessionTimeout = Duration.ofMillis(sessionTimeoutMillis);
        this.defaultReset = defaultReset;
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

    /** An older offset that is stored all the same is replaced when a consumer gets no records. */
    @Test
    void everyConsumerComparesItsOffsets() {
        assertThat(containers).isNotEmpty().allSatisfy(container -> assertThat(
                        container.getContainerProperties().getIdleEventInterval())
                .isEqualTo(30_000L));
    }

    /** Logins that were requested earlier are found in the database. Events about users are only in the topic. */
    @Test
    void aNewGroupStartsAtTheEndExceptForEventsAboutUsers() {
        assertThat(containers)
                .filteredOn(container ->
                        !List.of("perch-users", "perch-audit").contains(Objects.requireNonNull(container.getGroupId())))
                .hasSize(2)
                .allSatisfy(container -> assertThat(reset(container)).isEqualTo("latest"));
        assertThat(containers)
                .filteredOn(container ->
                        List.of("perch-users", "perch-audit").contains(Objects.requireNonNull(container.getGroupId())))
                .hasSize(2)
                .allSatisfy(container -> assertThat(reset(container)).isEqualTo("earliest"));
    }

    private String reset(MessageListenerContainer container) {
        return container
                .getContainerProperties()
                .getKafkaConsumerProperties()
                .getProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, defaultReset);
    }

    /** Without an interval, a container stops after the first refused access. */
    @Test
    void aConsumerRetriesAfterARefusedAccess() {
        assertThat(containers).allSatisfy(container -> assertThat(
                        container.getContainerProperties().getAuthExceptionRetryInterval())
                .isEqualTo(Duration.ofSeconds(10)));
    }
}
