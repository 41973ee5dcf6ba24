package io.perch.keycloak.outbox;

import static java.util.Objects.requireNonNull;

import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.SharedServer;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.keycloak.admin.client.Keycloak;

/**
 * A Keycloak server and a broker that it publishes its events to.
 *
 * @param broker a running broker
 * @param keycloak a running server
 * @param admin a client for the server's administrator
 */
record EventsServer(KafkaBroker broker, KeycloakProcess keycloak, Keycloak admin) implements AutoCloseable {

    private static EventsServer start() {
        try {
            KafkaBroker broker = KafkaBroker.start(
                    Files.createTempDirectory(requireNonNull(PackagedProviders.JAR.getParent()), "events"));
            KeycloakProcess keycloak = KeycloakProcess.start(
                    Map.of(),
                    List.of(
                            "--db=dev-mem",
                            "--features=scim-api",
                            "--spi-events-listener--kafka-outbox--bootstrap-servers=" + broker.address(),
                            "--spi-events-listener--kafka-outbox--attributes=locale_hint"));
            return new EventsServer(broker, keycloak, keycloak.admin());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        admin.close();
        keycloak.close();
        broker.close();
    }

    /** The same server for all test classes. It stops after the last test. */
    static final class Shared extends SharedServer<EventsServer> {

        Shared() {
            super(EventsServer.class, EventsServer::start);
        }
    }
}
