package io.perch.systemtests.documents;

import static io.perch.systemtests.documents.Commands.blocks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.Project;
import io.perch.systemtests.client.Http;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.process.FreePorts;
import io.perch.systemtests.process.ServerProcess;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The example of the guide for a login of one's own. It is compiled, put into a jar and started as the guide says. The server uses the
 * running system, with its own database and topics.
 */
@PerchSystemTest
class LoginImplementationIT {

    private static final String GUIDE = "docs/guides/login-implementation.md";
    private static final Path JAR =
            Project.path("resource-server/target/resource-server.jar").toAbsolutePath();
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final PerchSystem system;
    private final Commands commands;
    private final String name = "example-" + UUID.randomUUID();

    @AutoClose
    private final KeycloakAdmin admin;

    LoginImplementationIT(PerchSystem system) {
        this.system = system;
        this.commands = new Commands(system);
        this.admin = new KeycloakAdmin(system);
    }

    @Test
    void theExampleReplacesTheSimulator(@TempDir Path folder) throws Exception {
        assumeTrue(system.mongoUri().isPresent(), "the database cannot be reached from outside");
        buildExample(folder);
        URI address = URI.create("http://localhost:" + new FreePorts().next());
        List<String> command =
                List.of(blocks(GUIDE, "## Build it and run it").get(1).strip().split(" ", -1));
        List<String> arguments = command.subList(1, command.size()).stream()
                .map(argument -> argument.replace(
                                "/opt/perch/extensions",
                                folder.resolve("extensions").toString())
                        .replace("resource-server.jar", JAR.toString()))
                .toList();
        Path log = folder.resolve("server.log");

        try (ServerProcess server = ServerProcess.java(arguments, environment(address), log)) {
            awaitUp(server, address, log);
            PerchApi api = PerchApi.as(at(address), admin.createUser());

            JsonNode right = api.awaitFinal(api.submit("first", "right"));
            JsonNode wrong = api.awaitFinal(api.submit("second", "wrong"));

            assertThat(right.path("status").asString()).isEqualTo("success");
            // The simulator would accept this password
            assertThat(wrong.path("error").path("code").asString()).isEqualTo("wrong_credentials");
        } finally {
            try (MongoClient mongo = MongoClients.create(system.mongoUri().orElseThrow())) {
                mongo.getDatabase(name).drop();
            }
        }
    }

    private void buildExample(Path folder) throws Exception {
        Files.writeString(
                folder.resolve("ExampleLogin.java"),
                blocks(GUIDE, "# Your own login in place of the simulator").get(0));
        Files.createSymbolicLink(folder.resolve("resource-server.jar"), JAR);
        commands.run("""
                set -e
                PATH=%s/bin:$PATH
                cd %s
                """.formatted(System.getProperty("java.home"), folder)
                + blocks(GUIDE, "## Build it and run it").get(0));
    }

    private Map<String, String> environment(URI address) {
        Map<String, String> environment = new HashMap<>();
        environment.put("SERVER_PORT", Integer.toString(address.getPort()));
        environment.put("KEYCLOAK_ISSUER_URI", new PerchRealm(system).issuer());
        environment.put("KAFKA_BROKER_URL", system.kafkaBootstrap());
        environment.put("KAFKA_TOPIC_NAME", name + "-logins");
        environment.put("KAFKA_EVENTS_TOPIC_NAME", name + "-changes");
        environment.put("KAFKA_GROUP_PREFIX", name);
        environment.put("MONGO_URI", system.mongoUri().orElseThrow());
        environment.put("DATABASE_NAME", name);
        environment.put(
                "ENCRYPTION_KEYSET_FILE",
                commands.dataDirectory()
                        .resolve("secrets/encryption-keyset.json")
                        .toString());
        return environment;
    }

    private PerchSystem at(URI api) {
        return new PerchSystem(
                system.keycloak(),
                system.keycloakManagement(),
                api,
                system.console(),
                system.mongoUri(),
                system.kafkaBootstrap(),
                system.dataDirectory(),
                system.mailpit());
    }

    private static void awaitUp(ServerProcess server, URI address, Path log) {
        Http http = new Http();
        await().atMost(START_LIMIT).pollInterval(Duration.ofMillis(300)).until(() -> {
            if (!server.isAlive()) {
                throw new IllegalStateException("The resource server ended:\n" + Files.readString(log));
            }
            try {
                return http.get(URI.create(address + "/health"), Map.of()).status() == 200;
            } catch (UncheckedIOException e) {
                return false;
            }
        });
    }
}
