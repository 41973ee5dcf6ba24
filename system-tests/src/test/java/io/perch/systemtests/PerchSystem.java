package io.perch.systemtests;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the running system under test answers.
 *
 * @param keycloak Keycloak's base, without a trailing slash and without the realm
 * @param api the resource server's base, without a trailing slash
 * @param console the web console's base, without a trailing slash
 * @param mongoUri the MongoDB connection string
 * @param kafkaBootstrap the Kafka bootstrap servers, {@code host:port}
 * @param dataDirectory the local stack's data (logs, mail, secrets); empty where the system was not started here
 */
public record PerchSystem(
        URI keycloak, URI api, URI console, String mongoUri, String kafkaBootstrap, Optional<Path> dataDirectory) {}
