package io.perch.systemtests.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.perch.systemtests.PerchSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.bson.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A submitted password is not stored or logged in clear text. */
class SecrecyIT extends PipelineSystemTest {

    private final String password = "secret-" + UUID.randomUUID();
    private String taskId = "";

    SecrecyIT(PerchSystem system) {
        super(system);
    }

    @BeforeEach
    void submitThePassword() {
        taskId = api.submit("secretive", password);
        api.awaitFinal(taskId);
        api.awaitFinal(api.submit("wrong_secret", password));
        api.post("/twitter-login", "{\"username\": \"bad input\", \"password\": \"" + password + "\"}");
        api.post("/twitter-login", "{\"password\": \"" + password + "\", ");
    }

    @Test
    void noCollectionHasThePassword() {
        assumeTrue(system.mongoUri().isPresent(), "the database cannot be reached from outside");
        try (MongoClient mongo = MongoClients.create(system.mongoUri().orElseThrow())) {
            List<String> documents = new ArrayList<>();
            for (String database : mongo.listDatabaseNames()) {
                for (String collection : mongo.getDatabase(database).listCollectionNames()) {
                    for (Document document : mongo.getDatabase(database)
                            .getCollection(collection)
                            .find()) {
                        documents.add(document.toJson());
                    }
                }
            }
            assertThat(documents).anyMatch(document -> document.contains(taskId));
            assertThat(documents).noneMatch(document -> document.contains(password));
        }
    }

    @Test
    void noTopicHasThePassword() {
        assumeTrue(system.dataDirectory().isPresent(), "the broker's address is only known for a system of our own");
        List<String> records = records();

        assertThat(records).anyMatch(record -> record.contains(taskId));
        assertThat(records).noneMatch(record -> record.contains(password));
    }

    @Test
    void noFileHasThePassword() {
        assumeTrue(system.dataDirectory().isPresent(), "only the files of a system of our own can be read");
        // Kafka renames files while they are read. Then all files are read again
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsMatching(SecrecyIT::isMissingFile)
                .until(() -> {
                    assertThatNoFileHasThePassword();
                    return true;
                });
    }

    private static boolean isMissingFile(Throwable failure) {
        return failure instanceof NoSuchFileException || failure.getCause() instanceof NoSuchFileException;
    }

    private void assertThatNoFileHasThePassword() throws IOException {
        byte[] needle = password.getBytes(StandardCharsets.UTF_8);
        List<Path> logs = new ArrayList<>();
        try (Stream<Path> files = Files.walk(system.dataDirectory().get())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(contains(Files.readAllBytes(file), needle))
                        .as(file.toString())
                        .isFalse();
                if (file.toString().endsWith(".log")) {
                    logs.add(file);
                }
            }
        }
        assertThat(logs).isNotEmpty();
    }

    private List<String> records() {
        Map<String, Object> config = Map.of("bootstrap.servers", system.kafkaBootstrap());
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.listTopics().values().stream()
                    .flatMap(List::stream)
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<String> values = new ArrayList<>();
            while (partitions.stream().anyMatch(at -> consumer.position(at) < ends.getOrDefault(at, 0L))) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.headers() + " " + record.key() + " " + record.value());
                }
            }
            return values;
        }
    }

    private static boolean contains(byte[] haystack, byte[] needle) {
        // ISO 8859-1 maps every byte to one character, so this compares bytes
        return new String(haystack, StandardCharsets.ISO_8859_1)
                .contains(new String(needle, StandardCharsets.ISO_8859_1));
    }
}
