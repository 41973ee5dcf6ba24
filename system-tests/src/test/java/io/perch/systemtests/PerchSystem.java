package io.perch.systemtests;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the running system under test answers.
 *
 * @param keycloak Keycloak's base, without a trailing slash and without the realm
 * @param keycloakManagement the base of Keycloak's management port, which has its metrics; empty where it cannot be reached from
 *     outside
 * @param api the resource server's base, without a trailing slash
 * @param console the web console's base, without a trailing slash
 * @param mongoUri the MongoDB connection string; empty where the database cannot be reached from outside
 * @param kafkaBootstrap the Kafka bootstrap servers, {@code host:port}
 * @param dataDirectory the local stack's data (logs, mail, secrets); empty where the system was not started here
 * @param mailpit the base of Mailpit, which receives all mail, without a trailing slash; empty where it does not
 */
public record PerchSystem(
        URI keycloak,
        Optional<URI> keycloakManagement,
        URI api,
        URI console,
        Optional<String> mongoUri,
        String kafkaBootstrap,
        Optional<Path> dataDirectory,
        Optional<URI> mailpit) {}
