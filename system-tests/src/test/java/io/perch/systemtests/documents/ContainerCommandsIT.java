package io.perch.systemtests.documents;

import static io.perch.systemtests.documents.Commands.blocks;
import static io.perch.systemtests.documents.Commands.inline;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.AuthApi;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.Mailbox;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.client.TestUser;
import io.perch.systemtests.client.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The commands of the guides for Docker Compose, in the folder {@code PERCH_COMPOSE_FOLDER}, as an operator runs them. After each test the
 * system works with the {@code .env} of this folder.
 */
@Tag("containers")
@PerchSystemTest
class ContainerCommandsIT {

    private static final String ADMINISTRATORS = "docs/operations/administrators.md";
    private static final String BACKUP = "docs/operations/backup.md";
    private static final String KEYS = "docs/guides/encryption-keys.md";
    private static final String KEYS_HEADING = "## With Docker Compose";
    private static final String PRODUCTION = "docs/operations/production.md";
    private static final String RESOURCE_SERVER = "resource-server/README.md";

    /** Containers that are created again wait for each other. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private static final Duration USABLE = Duration.ofMinutes(3);

    private final PerchSystem system;
    private final Commands commands;

    @AutoClose
    private final KeycloakAdmin admin;

    private Path folder = Path.of("");

    ContainerCommandsIT(PerchSystem system) {
        this.system = system;
        this.commands = new Commands(system);
        this.admin = new KeycloakAdmin(system);
    }

    @BeforeEach
    void needsAFolderWithTheSettings() {
        String setting = System.getenv().getOrDefault("PERCH_COMPOSE_FOLDER", "");
        assumeThat(setting).as("PERCH_COMPOSE_FOLDER").isNotEmpty();
        folder = Path.of(setting);
    }

    @Test
    void theCommandForARoleMakesAModerator() throws Exception {
        TestUser user = admin.createUser();
        String add = block(ADMINISTRATORS, "# The first administrator and moderator", "docker compose exec keycloak")
                .replaceAll("\\bNAME\\b", user.username())
                .replace("ROLE", "moderator");

        run(add);

        assertThat(Token.access(new PerchRealm(system).passwordGrant("perch-cli", user))
                        .realmRoles())
                .contains("moderator");
    }

    @Test
    void keycloaksCommandLineRunsInTheContainer() throws Exception {
        String function = block(ADMINISTRATORS, "# The first administrator and moderator", "kcadm.sh() {");

        assertThat(run(function + "kcadm.sh get realms/perch --fields realm")).contains("\"realm\" : \"perch\"");
        run(function + lastLine(BACKUP, "## Restore", "docker compose up --detach --wait postgres"));
    }

    @Test
    void keycloaksCommandLineSignsInAsAClient() throws Exception {
        String secret = newPassword();
        String function = block(ADMINISTRATORS, "# The first administrator and moderator", "kcadm.sh() {");
        String asClient = block(ADMINISTRATORS, "## Your own account", "read -rs KC_CLI_CLIENT_SECRET");
        run(function + """
                kcadm.sh create clients -r master -s clientId=operator -s publicClient=false -s secret=SECRET \\
                  -s serviceAccountsEnabled=true -s standardFlowEnabled=false -s directAccessGrantsEnabled=false
                kcadm.sh add-roles -r master --uusername service-account-operator --rolename admin
                """.replace("SECRET", secret));

        String output = commands.run(
                asClient + "kcadm.sh get realms/perch --fields realm </dev/null", folder, secret + "\n", LIMIT);

        assertThat(output).contains("\"realm\" : \"perch\"");
        run(function + "kcadm.sh delete clients/$(kcadm.sh get clients -r master -q clientId=operator --fields id"
                + " --format csv --noquotes | tr -d '\\r') -r master");
    }

    @Test
    void theCommandsForAStoppedKeycloakMakeAnAdministratorAndResetTheSequence() throws Exception {
        String rescue = block(ADMINISTRATORS, "## Your own account", "docker compose stop keycloak");
        String reset = inline("docs/user-events.md", "docker compose exec postgres psql");
        String password = newPassword();
        String function = block(ADMINISTRATORS, "# The first administrator and moderator", "kcadm.sh() {");

        String output = run("set -e\nexport RESCUE_PASSWORD=" + password + "\n"
                + rescue.replace("docker compose up", reset + "\ndocker compose up"));

        assertThat(output).contains("UPDATE 1");
        assertThat(new PerchRealm(system, "master")
                        .passwordGrant("admin-cli", new TestUser("", "rescue", password))
                        .status())
                .isEqualTo(200);
        run(function + "kcadm.sh delete users/$(kcadm.sh get users -r master -q username=rescue --fields id"
                + " --format csv --noquotes | tr -d '\\r') -r master");
    }

    @Test
    void theStepsForANewKeyKeepStoredPasswordsReadable() throws Exception {
        TestUser user = admin.createUser();
        PerchApi before = PerchApi.as(system, user);
        String account = before.awaitFinal(before.submit("perch_demo", "any-password"))
                .path("twitter_account_id")
                .asString();
        String keyset = keyset();
        String function = blocks(KEYS, KEYS_HEADING).get(0);

        run(function + inline(KEYS, "keyset && "));
        assertThat(keyset()).isNotEqualTo(keyset);
        assertThat(run(inline(KEYS, "docker compose -f docker-compose.yml run --rm --no-deps resource-server reseal")))
                .contains("resealed", "0 failed");
        run(function + inline(KEYS, "keyset finish && "));

        assertThat(folder.resolve(".env.before")).content().contains(keyset);
        assertThat(folder.resolve(".env.before-finish")).exists();
        Files.delete(folder.resolve(".env.before"));
        Files.delete(folder.resolve(".env.before-finish"));
        PerchApi after = PerchApi.as(system, user);
        Answer again = after.post("/twitter-accounts/" + account + "/login", "");
        assertThat(again.status()).as(again.body()).isEqualTo(202);
        assertThat(after.awaitFinal(again.field("task_id")).path("status").asString())
                .isEqualTo("success");
    }

    @Test
    void theCommandsOfTheResourceServerRunInAContainer() throws Exception {
        String command = inline(RESOURCE_SERVER, "docker compose run --rm --no-deps resource-server")
                .replace("docker compose", "docker compose -f docker-compose.yml");
        Path owners = Files.writeString(folder.resolve("owners.csv"), "1," + UUID.randomUUID() + "\n");
        Files.setPosixFilePermissions(owners, PosixFilePermissions.fromString("rw-r--r--"));
        String mount = inline(RESOURCE_SERVER, "-v \"$PWD/owners.csv") + " resource-server";

        assertThat(run(command.replace("COMMAND", "generate-keyset"))).contains("primaryKeyId");
        assertThat(run(command.replace("COMMAND", "create-indexes")))
                .containsPattern("(\\d+) of \\1 indexes are there");
        assertThat(run(command.replace("resource-server", mount)
                        .replace("COMMAND", "adopt-old-tasks --owners=/owners.csv")))
                .contains("0 documents of the old service became tasks, 0 were left");
        Files.delete(owners);
    }

    @Test
    void newPasswordsOfKafkaAndRedisNeedOnlyANewValueInTheFile() throws Exception {
        String settings = Files.readString(folder.resolve(".env"));
        for (String name :
                new String[] {"KAFKA_KEYCLOAK_PASSWORD", "KAFKA_RESOURCE_SERVER_PASSWORD", "REDIS_PASSWORD"}) {
            settings = settings.replaceAll("(?m)^" + name + "=.+$", name + "=" + newPassword());
        }
        Files.writeString(folder.resolve(".env"), settings);

        run(inline(KEYS, "docker compose up --detach"));

        assertThatATaskSucceedsSoon();
    }

    @Test
    void theCommandForPostgresqlSetsItsPassword() throws Exception {
        String password = newPassword();
        String command = inline(KEYS, "docker compose exec postgres psql");

        commands.run(command, folder, password + "\n" + password + "\n", LIMIT);
        Path file = folder.resolve(".env");
        Files.writeString(
                file, Files.readString(file).replaceAll("(?m)^POSTGRES_PASSWORD=.+$", "POSTGRES_PASSWORD=" + password));
        run(inline(KEYS, "docker compose up --detach"));

        assertThatATaskSucceedsSoon();
    }

    @Test
    void aFileOfYourOwnSetsAnOptionOfAProvider() throws Exception {
        String file = blocks(PRODUCTION, "## Other settings").get(0);
        Files.writeString(folder.resolve("docker-compose.mine.yml"), file);
        String up = inline(PRODUCTION, "docker compose -f docker-compose.yml -f docker-compose.prod.yml -f");
        if (!system.keycloak().getScheme().equals("https")) {
            up = up.replace("-f docker-compose.prod.yml ", "");
        }
        var email = "own-option-" + UUID.randomUUID() + "@perch.example";

        run(up);
        Answer registered =
                new AuthApi(system).post("/register", Map.of("email", email, "password", "correct horse battery"));

        assertThat(registered.status()).as(registered.body()).isEqualTo(201);
        assertThat(Mailbox.of(system, email).awaitText()).contains("within 5 minutes");
        Files.delete(folder.resolve("docker-compose.mine.yml"));
        run("docker compose up --detach --wait");
    }

    private static String block(String document, String heading, String beginning) {
        return blocks(document, heading).stream()
                // A block in a list is indented
                .filter(block -> block.strip().startsWith(beginning))
                .findFirst()
                .orElseThrow();
    }

    private static String lastLine(String document, String heading, String beginning) {
        List<String> lines = block(document, heading, beginning).lines().toList();
        return lines.get(lines.size() - 1);
    }

    private String keyset() throws IOException {
        return Files.readString(folder.resolve(".env"))
                .lines()
                .filter(line -> line.startsWith("ENCRYPTION_KEYSET="))
                .findFirst()
                .orElseThrow();
    }

    private void assertThatATaskSucceedsSoon() {
        await().atMost(USABLE)
                .pollInterval(Duration.ofSeconds(2))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    PerchApi api = PerchApi.as(system, admin.createUser());
                    assertThat(api.awaitFinal(api.submit("perch_demo", "any-password"))
                                    .path("status")
                                    .asString())
                            .isEqualTo("success");
                });
    }

    private String run(String script) throws IOException, InterruptedException {
        return commands.run(script, folder, "", LIMIT);
    }

    private static String newPassword() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
