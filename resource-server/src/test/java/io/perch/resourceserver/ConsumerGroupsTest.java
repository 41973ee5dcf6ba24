package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.kafka.annotation.KafkaListener;

/** Two realms with one Kafka need different consumer groups. Otherwise each resource server would get only a part of the records. */
class ConsumerGroupsTest {

    @Test
    void everyConsumerGroupBeginsWithThePrefix() throws IOException {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("variables", Map.of("KAFKA_GROUP_PREFIX", "second")));
        new YamlPropertySourceLoader()
                .load("application", new ClassPathResource("application.yaml"))
                .forEach(environment.getPropertySources()::addLast);

        List<String> groups = new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests()).importPackages("io.perch.resourceserver").stream()
                        .flatMap(type -> type.getMethods().stream())
                        .flatMap(method -> method.tryGetAnnotationOfType(KafkaListener.class).stream())
                        .map(ConsumerGroupsTest::group)
                        .map(environment::resolvePlaceholders)
                        .map(group -> group.replaceFirst("#\\{.*", ""))
                        .toList();

        assertThat(groups)
                .containsExactlyInAnyOrder("second-pipeline", "second-users", "second-audit", "second-task-events-");
    }

    private static String group(KafkaListener listener) {
        if (!listener.groupId().isEmpty()) {
            return listener.groupId();
        }
        return listener.idIsGroup() && !listener.id().isEmpty() ? listener.id() : "${spring.kafka.consumer.group-id}";
    }
}
