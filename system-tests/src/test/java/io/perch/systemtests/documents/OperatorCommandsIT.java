package io.perch.systemtests.documents;

import static io.perch.systemtests.documents.Commands.assumePrograms;
import static io.perch.systemtests.documents.Commands.blocks;
import static io.perch.systemtests.documents.Commands.inline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.Project;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.client.TestUser;
import io.perch.systemtests.client.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The commands of the guides for operators, as a reader runs them in a shell. Addresses, paths and what a reader has to replace are
 * replaced. Programs that are not here, such as {@code psql}, are scripts.
 */
@PerchSystemTest
class OperatorCommandsIT {

    private static final String TROUBLESHOOTING = "docs/operations/troubleshooting.md";
    private static final String KEYS = "docs/guides/encryption-keys.md";
    private static final String MOVING = "docs/guides/moving-over.md";
    private static final String APPS = "docs/guides/first-party-apps.md";
    /** The jar, with or without its folder. */
    private static final String JAR = "[\\w/-]*resource-server\\.jar";

    private static final String DATABASE = "twitter_login_kafka";
    private static final JsonMapper JSON = new JsonMapper();

    private final PerchSystem system;
    private final Commands commands;
    private final PerchRealm realm;

    @AutoClose
    private final KeycloakAdmin admin;

    OperatorCommandsIT(PerchSystem system) {
        this.system = system;
        this.commands = new Commands(system);
        this.realm = new PerchRealm(system);
        this.admin = new KeycloakAdmin(system);
    }

    @Test
    void theCommandsForA401ShowTheReasonAndTheClaims() throws Exception {
        String command = blocks(TROUBLESHOOTING, "## 401 although you are signed in")
                        .get(0)
                        .strip()
                + " || true\n";

        assertThat(commands.run("TOKEN=wrong\n" + command))
                .containsIgnoringCase("www-authenticate: Bearer error=\"invalid_token\"");
        assertThat(commands.run("TOKEN=" + demoToken("ada") + "\n" + command))
                .contains("200", "\"iss\":\"" + realm.issuer() + "\"");
    }

    @Test
    void theCommandsForTheIssuerShowTheIssuerOfTheRealmAndOfTheToken() throws Exception {
        String compare = blocks(TROUBLESHOOTING, "## The issuer is wrong")
                .get(0)
                .lines()
                // The last command reads a container
                .filter(line -> !line.startsWith("docker "))
                .collect(Collectors.joining("\n"))
                .replace("https://auth.example.org", system.keycloak().toString());

        assertThat(commands.run("TOKEN=" + demoToken("ada") + "\n" + compare + "\n"))
                .contains("\"issuer\":\"" + realm.issuer() + "\"", "\"iss\":\"" + realm.issuer() + "\"");
    }

    @Test
    void theCommandsForALockedAccountShowTheLockAndRemoveIt() throws Exception {
        TestUser user = admin.createUser();
        String show =
                blocks(TROUBLESHOOTING, "## A right password is refused").get(0).replace("alice", user.username());
        for (int i = 0; i < 11; i++) {
            realm.passwordGrant("perch-cli", new TestUser("", user.username(), "wrong"));
        }

        assertThat(commands.run(signIn() + show)).contains("\"disabled\" : true");
        assertThat(realm.passwordGrant("perch-cli", user).status()).isEqualTo(200);
    }

    @Test
    void theCommandForARoleMakesAModerator() throws Exception {
        TestUser user = admin.createUser();
        String add = inline("docs/operations/administrators.md", "$KCADM add-roles")
                .replace("NAME", user.username())
                .replace("ROLE", "moderator");

        commands.run(signIn() + add + "\n");

        assertThat(Token.access(realm.passwordGrant("perch-cli", user)).realmRoles())
                .contains("moderator");
    }

    @Test
    void theCommandsForAClientSetItsAttributes() throws Exception {
        String name = "app-" + UUID.randomUUID();
        String create = blocks(APPS, "## The whole journey").stream()
                .filter(block -> block.startsWith("kcadm.sh create clients"))
                .findFirst()
                .orElseThrow()
                .replace("curl-app", name)
                // The second command sets it
                .replace("\"perch.first-party\":\"true\",", "");

        commands.run(signIn() + create);
        JsonNode client = admin.client(name);
        String id = client.path("id").asString();
        try {
            assertThat(client.path("attributes").has("perch.first-party")).isFalse();
            String updates = inline(APPS, "kcadm.sh update clients/") + "\n"
                    + blocks("docs/front-ends.md", "## Which sign-in for which client")
                            .get(0);
            commands.run(signIn() + updates.replace("clients/ID", "clients/" + id));

            JsonNode attributes = admin.client(name).path("attributes");
            assertThat(attributes.path("perch.first-party").asString()).isEqualTo("true");
            assertThat(attributes.path("access.token.header.type.rfc9068").asString())
                    .isEqualTo("true");
            assertThat(attributes.path("pkce.code.challenge.method").asString()).isEqualTo("S256");
        } finally {
            admin.send("DELETE", "/clients/" + id, "");
        }
    }

    @Test
    void theCommandsForHashesImportUsersWhoCanSignIn(@TempDir Path folder) throws Exception {
        assumePrograms("jq");
        String first = "hash-" + UUID.randomUUID();
        String second = "hash-" + UUID.randomUUID();
        List<String> blocks = blocks("keycloak-providers/README.md", "## bcrypt");
        String file = blocks.get(0)
                .replace("\"ada\"", "\"" + first + "\"")
                .replace("ada@perch.example", first + "@perch.example");
        String single = blocks.get(2)
                .replace(
                        "'.users[0]'",
                        "'.users[0] + {\"username\": \"%s\", \"email\": \"%s@perch.example\"}'"
                                .formatted(second, second));

        try {
            commands.run("cd " + folder + "\nexport KC_CLI_PASSWORD=admin\n" + pathOfKeycloak() + file + blocks.get(1)
                    + single);

            for (String name : List.of(first, second)) {
                assertThat(realm.passwordGrant("perch-cli", new TestUser("", name, "correct horse battery"))
                                .status())
                        .isEqualTo(200);
            }
        } finally {
            for (String name : List.of(first, second)) {
                for (JsonNode found : admin.get("/users?exact=true&username=" + name)) {
                    admin.delete(new TestUser(found.path("id").asString(), name, ""));
                }
            }
        }
    }

    @Test
    void theKeysetIsRotatedInBothWaysAndStillHasAKey(@TempDir Path folder) throws Exception {
        String output = commands.run(jar() + "cd " + folder + "\n$JAR generate-keyset > keyset.json\n"
                + String.join("", blocks(KEYS, "## With downtime"))
                + String.join("", blocks(KEYS, "## Without downtime"))
                + blocks(KEYS, "## Reseal").get(1) + "stat -c %a keyset.json\ncat keyset.json\n");

        assertThat(output).startsWith("600");
        assertThat(JSON.readTree(output.substring(output.indexOf('{'))).path("key"))
                .hasSize(1);
    }

    @Test
    void theCommandToResealReadsTheStoredValuesOfTheRunningSystem(@TempDir Path folder) throws Exception {
        // Other tests store values that no key opens. For them the exit code is 1
        String output = commands.run(jar() + "cd " + folder + "\n" + settings()
                + blocks(KEYS, "## Reseal").get(0).strip() + " || true\n");

        assertThat(output).containsPattern("\\d+ values read: \\d+ resealed, \\d+ skipped, \\d+ failed");
    }

    @Test
    void theCommandsForTasksOfAnOldServiceGiveThemToTheirOwners(@TempDir Path folder) throws Exception {
        TestUser user = admin.createUser();
        String oldId = new ObjectId().toHexString();
        String task = UUID.randomUUID().toString();
        insertOldTask(task, oldId);
        program(folder, "psql", "echo '" + user.username() + "," + oldId + "'");
        program(folder, "mongosh", "cat \"$4\"");
        List<String> blocks = blocks(MOVING, "## Tasks and accounts of the Twitter login service");
        String adopt = blocks(TROUBLESHOOTING, "## Old tasks are not shown")
                .get(0)
                .strip()
                .replaceAll(JAR, jarFile().toString());

        String output = commands.run("cd " + folder + "\n" + signIn() + "PATH=" + folder + ":$PATH\n" + settings()
                + blocks.get(0)
                // The exit code is 1 if documents are left. Another test may have stored some
                + adopt + " || true\n" + blocks.get(2));

        assertThat(folder.resolve("owners.csv")).hasContent(oldId + "," + user.id());
        assertThat(output)
                .contains("1 documents of the old service became tasks")
                .contains("db = db.getSiblingDB('" + DATABASE + "')")
                .contains("db.twitter_users.updateMany({user_id: '" + oldId + "'}, {$set: {user_id: '" + user.id()
                        + "'}})");
        assertThat(PerchApi.as(system, user).get("/tasks/" + task).field("status"))
                .isEqualTo("success");
    }

    private void insertOldTask(String id, String owner) {
        try (MongoClient mongo = MongoClients.create(mongoUri())) {
            mongo.getDatabase(DATABASE)
                    .getCollection("task_statuses")
                    .insertOne(new Document("task_id", id)
                            .append("status", "success")
                            .append("user_id", owner));
        }
    }

    private String mongoUri() {
        assumeTrue(system.mongoUri().isPresent(), "the database cannot be reached from outside");
        return system.mongoUri().orElseThrow();
    }

    /** The settings of the running resource server that its commands need. */
    private String settings() {
        Path keyset = commands.dataDirectory().resolve("secrets/encryption-keyset.json");
        return "export MONGO_URI='%s' DATABASE_NAME=%s ENCRYPTION_KEYSET= ENCRYPTION_KEYSET_FILE=%s%n"
                .formatted(mongoUri(), DATABASE, keyset);
    }

    /** Signs in Keycloak's command line. */
    private String signIn() {
        return pathOfKeycloak()
                + blocks(TROUBLESHOOTING, "# Troubleshooting")
                        .get(0)
                        .replace(
                                "local-stack/data/keycloak/server/bin",
                                commands.keycloaksTools().toString());
    }

    private String pathOfKeycloak() {
        return "PATH=" + commands.keycloaksTools() + ":$PATH\n";
    }

    private static String jar() {
        return blocks(KEYS, "# Replace keys and secrets")
                .get(0)
                .replaceAll(JAR, jarFile().toString());
    }

    private static Path jarFile() {
        return Project.path("resource-server/target/resource-server.jar").toAbsolutePath();
    }

    private String demoToken(String name) {
        return realm.passwordGrant("perch-cli", new TestUser("", name, "perch-demo-" + name))
                .field("access_token");
    }

    /** A script in place of a program that is not installed. */
    private static void program(Path folder, String name, String command) throws IOException {
        Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + command + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }
}
