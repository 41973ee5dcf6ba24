package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.time.Duration;
import java.util.UUID;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.BasicQuery;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** No event is lost while the database is unavailable. */
@ResourceServerTest
@DirtiesContext
@TestPropertySource(properties = TestServices.OWN_SERVER + "=UserOutageTest")
class UserOutageTest {

    private final MongoServer mongoServer;
    private final MongoOperations mongo;
    private final KeycloakEvents keycloak;
    private final String broker;

    @Autowired
    UserOutageTest(
            MongoServer mongoServer,
            MongoOperations mongo,
            KafkaTemplate<String, byte[]> kafka,
            @Value("${KAFKA_BROKER_URL}") String broker) {
        this.mongoServer = mongoServer;
        this.mongo = mongo;
        this.keycloak = new KeycloakEvents(kafka);
        this.broker = broker;
    }

    @Test
    void eventsAreProcessedWhenTheDatabaseIsBack() {
        keycloak.send(keycloak.stateEvent("registered", newId(), "before"));
        await().atMost(Duration.ofSeconds(20)).until(() -> known("before"));
        int port = mongoServer.getLocalAddress().getPort();
        mongoServer.shutdownNow();
        for (int i = 0; i < 10; i++) {
            keycloak.send(keycloak.stateEvent("registered", newId(), "meanwhile" + i));
        }
        // Long enough for the first of them to fail
        await().pollDelay(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(10)).until(() -> true);

        MongoServer again = new MongoServer(new MemoryBackend());
        again.bind("127.0.0.1", port);
        try {
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                for (int i = 0; i < 10; i++) {
                    assertThat(known("meanwhile" + i)).isTrue();
                }
            });
            assertThat(KafkaRecords.all(broker, KeycloakEvents.TOPIC + ".DLT")).isEmpty();
        } finally {
            again.shutdownNow();
        }
    }

    private boolean known(String username) {
        return mongo.exists(new BasicQuery(new Document("username", username)), "users");
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }
}
