package io.perch.systemtests;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The addresses of the system under test.
 *
 * @param keycloak the base URL of Keycloak, without a trailing slash and without the realm
 * @param keycloakManagement the base URL of Keycloak's management port, which has its metrics; empty if the tests cannot reach it
 * @param api the base URL of the resource server, without a trailing slash
 * @param console the base URL of the web console, without a trailing slash
 * @param mongoUri the MongoDB connection string; empty if the tests cannot reach the database
 * @param kafkaBootstrap the Kafka bootstrap servers, {@code host:port}
 * @param dataDirectory the local stack's data (logs, mail, secrets); empty if the tests cannot read it
 * @param mailpit the base URL of Mailpit, which receives all mail, without a trailing slash; empty if there is no
 *     Mailpit
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
