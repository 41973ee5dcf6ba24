package io.perch.keycloak.outbox;

import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.outbox.KafkaBroker.Security;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.admin.client.Keycloak;

/** The packaged Kafka client with its relocated classes, and everything that it loads by name. */
class SecureKafkaIT {

    private static final String PASSWORD = "a-password-of-the-broker";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void eventsAreSentWithTlsScramAndCompression() throws Exception {
        Security security = Security.make(directory, "perch", PASSWORD);
        String listener = "--spi-events-listener--kafka-outbox--";
        try (KafkaBroker broker = KafkaBroker.start(directory, security);
                KeycloakProcess keycloak = KeycloakProcess.start(
                        Map.of("KC_SPI_EVENTS_LISTENER__KAFKA_OUTBOX__SASL_PASSWORD", PASSWORD),
                        List.of(
                                "--db=dev-mem",
                                listener + "bootstrap-servers=localhost:" + security.port(),
                                listener + "security-protocol=SASL_SSL",
                                listener + "sasl-username=perch",
                                listener + "truststore=" + security.keystore(),
                                listener + "truststore-password=" + PASSWORD,
                                listener + "compression=gzip"));
                Keycloak admin = keycloak.admin()) {
            EventsRealm events = new EventsRealm(keycloak.address(), admin);
            String id = events.addUser("ada");

            ReceivedEvents.at(broker).awaitTypes(id, "io.perch.user.registered");
        }
    }
}
