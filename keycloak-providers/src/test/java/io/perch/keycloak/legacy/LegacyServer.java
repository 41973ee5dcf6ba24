package io.perch.keycloak.legacy;

import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.SharedServer;
import java.util.List;
import org.keycloak.admin.client.Keycloak;

/**
 * A Keycloak server with the drivers of all old databases.
 *
 * @param keycloak a running server
 * @param admin a client for the server's administrator
 */
record LegacyServer(KeycloakProcess keycloak, Keycloak admin) implements AutoCloseable {

    private static LegacyServer start() {
        KeycloakProcess keycloak = KeycloakProcess.startCopy(
                "legacy-users", List.of("--db=dev-mem", "--db-kind-legacy=postgres", "--db-kind-older=mariadb"));
        return new LegacyServer(keycloak, keycloak.admin());
    }

    @Override
    public void close() {
        admin.close();
        keycloak.close();
    }

    /** The same server for all test classes. It stops after the last test. */
    static final class Shared extends SharedServer<LegacyServer> {

        Shared() {
            super(LegacyServer.class, LegacyServer::start);
        }
    }
}
