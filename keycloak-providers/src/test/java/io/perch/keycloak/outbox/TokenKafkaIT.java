package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.FreePorts;
import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.outbox.KafkaBroker.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.ProtocolMapperRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;

/** A broker that accepts only tokens, the packaged Kafka client, and a secret in Keycloak's vault. */
class TokenKafkaIT {

    private static final String ISSUER = "kafka";
    private static final String AUDIENCE = "brokers";
    private static final String CLIENT = "keycloak/outbox";
    private static final String SECRET = "a secret: 100%+";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    /** Keycloak is also the issuer of the tokens. */
    @Test
    void eventsWaitForTheSecretAndAreSentWithAToken() throws Exception {
        Path vault = Files.createDirectory(directory.resolve("vault"));
        int port = FreePorts.next();
        String listener = "--spi-events-listener--kafka-outbox--";
        try (KafkaBroker broker = KafkaBroker.stopped(directory);
                KeycloakProcess keycloak = KeycloakProcess.start(
                        Map.of(
                                "KC_SPI_EVENTS_LISTENER__KAFKA_OUTBOX__SASL_OAUTHBEARER_CLIENT_SECRET",
                                "${vault.kafka-client}"),
                        List.of(
                                "--db=dev-mem",
                                "--vault=file",
                                "--vault-dir=" + vault,
                                listener + "bootstrap-servers=localhost:" + port,
                                listener + "security-protocol=SASL_PLAINTEXT",
                                listener + "sasl-mechanism=OAUTHBEARER",
                                // Keycloak itself replaces the port
                                listener
                                        + "sasl-oauthbearer-token-endpoint-url=http://localhost:${kc.http-port}/realms/"
                                        + ISSUER + "/protocol/openid-connect/token",
                                listener + "sasl-oauthbearer-client-id=" + CLIENT));
                Keycloak admin = keycloak.admin()) {
            createIssuer(admin);
            broker.start(new Tokens(
                    port, keycloak.address().resolve("/realms/" + ISSUER).toString(), AUDIENCE));
            broker.createTopic();
            EventsRealm events = new EventsRealm(keycloak.address(), admin);
            String id = events.addUser("ada");

            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                String health = keycloak.liveness().replace(" ", "");
                assertTrue(health.contains("\"missing_secret\":\"sasl-oauthbearer-client-secret\""), health);
                assertTrue(health.contains("\"leading\":true"), health);
                assertTrue(!health.contains("DOWN"), health);
            });
            assertEquals(0, broker.count());

            Files.writeString(vault.resolve("master_kafka-client"), SECRET + "\n");

            ReceivedEvents.at(broker).awaitTypes(id, "io.perch.user.registered");
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !keycloak.liveness()
                    .contains("missing_secret"));
        }
    }

    private static void createIssuer(Keycloak admin) {
        ProtocolMapperRepresentation audience = new ProtocolMapperRepresentation();
        audience.setName("audience");
        audience.setProtocol("openid-connect");
        audience.setProtocolMapper("oidc-audience-mapper");
        audience.setConfig(Map.of("included.custom.audience", AUDIENCE, "access.token.claim", "true"));
        ClientRepresentation client = new ClientRepresentation();
        client.setClientId(CLIENT);
        client.setSecret(SECRET);
        client.setServiceAccountsEnabled(true);
        client.setStandardFlowEnabled(false);
        client.setProtocolMappers(List.of(audience));
        RealmRepresentation realm = new RealmRepresentation();
        realm.setRealm(ISSUER);
        realm.setEnabled(true);
        realm.setClients(List.of(client));
        admin.realms().create(realm);
    }
}
