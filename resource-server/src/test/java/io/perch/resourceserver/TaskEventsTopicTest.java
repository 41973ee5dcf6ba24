package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Caller;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Kafka keeps about tasks, also of users who are deleted later. */
@ResourceServerTest
class TaskEventsTopicTest {

    private static final String TOPIC = "task-events";
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Api api;
    private final String broker;

    @Autowired
    TaskEventsTopicTest(Api api, @Value("${KAFKA_BROKER_URL}") String broker) {
        this.api = api;
        this.broker = broker;
    }

    @Test
    void theTopicIsKeptForAnHour() throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker))) {
            Config config = Objects.requireNonNull(
                    admin.describeConfigs(List.of(topic)).all().get().get(topic));

            assertThat(millis(config, TopicConfig.RETENTION_MS_CONFIG)).isEqualTo(Duration.ofHours(1));
            // Kafka does not delete the active segment
            assertThat(millis(config, TopicConfig.SEGMENT_MS_CONFIG)).isLessThanOrEqualTo(Duration.ofMinutes(10));
        }
    }

    @Test
    void aRecordHasOnlyIdsVersionsAndStates() {
        Caller user = api.asNewUser();
        String taskId = user.submit("wrong_a_name");
        user.awaitFinal(taskId);

        List<String> records = await().atMost(TIMEOUT)
                .until(
                        () -> KafkaRecords.all(broker, TOPIC).stream()
                                .map(record -> record.value())
                                .filter(value -> value.contains(taskId))
                                .toList(),
                        found -> found.stream().anyMatch(value -> value.contains("\"failure\"")));

        assertThat(records).allSatisfy(value -> {
            JsonNode tasks = new JsonMapper().readTree(value).path("tasks");
            assertThat(value).doesNotContain("a_name");
            assertThat(tasks.valueStream()).isNotEmpty().allSatisfy(task -> assertThat(task.propertyNames())
                    .containsExactlyInAnyOrder("task_id", "user_id", "version", "status"));
        });
    }

    private static Duration millis(Config config, String name) {
        return Duration.ofMillis(Long.parseLong(config.get(name).value()));
    }
}
