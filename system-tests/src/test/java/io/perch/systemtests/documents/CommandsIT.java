package io.perch.systemtests.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.Project;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.Mailbox;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.client.TestUser;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code curl} commands of the documents, as a reader runs them in a shell: one after the other, with the variables of the earlier
 * ones. Only the addresses of the servers are replaced, and what a reader has to replace.
 */
@PerchSystemTest
class CommandsIT {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```[a-z]*\\n(.*?)^ *```");
    private static final Pattern SHELL_BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```");
    private static final String PREAMBLE = """
            API=http://localhost:8080/realms/perch/auth-api/v1
            post() { curl -s "$API/$1" -H 'Content-Type: application/json' -d "$2"; }
            """;
    private static final long LIMIT_SECONDS = 90;
    private static final JsonMapper JSON = new JsonMapper();

    private final PerchSystem system;
    private final String user = "reader-" + UUID.randomUUID().toString().substring(0, 8);

    CommandsIT(PerchSystem system) {
        this.system = system;
    }

    @Test
    void theLoginOfTheReadmeSucceeds() throws Exception {
        List<String> blocks = blocks("README.md", "## The first five minutes");

        assertThat(run(blocks.get(0))).contains("\"status\":\"success\"");
    }

    @Test
    void theChallengeOfTheReadmeIsAnsweredAndItsEventsAreShown() throws Exception {
        List<String> blocks = blocks("README.md", "## The first five minutes");
        // The reader ends the stream with Ctrl-C
        String events = blocks.get(1).replace("curl -sSN ", "curl -sSN --max-time 20 ");
        assertThat(events).isNotEqualTo(blocks.get(1));

        String output = run(blocks.get(0) + events.strip() + " || true\n");

        assertThat(output).contains("\"challenge_required\"");
        assertThat(output.substring(output.indexOf("\"challenge_required\"")))
                .contains("event:", "challenge_me", "\"status\":\"success\"");
    }

    @Test
    void theUserWhoRegistersInTheReadmeGetsTokensForTheCodeAndForThePassword() throws Exception {
        List<String> blocks = blocks("README.md", "## The first five minutes");
        String address = "bob-" + UUID.randomUUID() + "@perch.example";
        String register = blocks.get(2).replace("bob@perch.example", address);
        String proof = run(register + "echo \"$PROOF\"\n").strip();
        assertThat(proof).isNotEmpty();
        String code = Mailbox.of(system, address).awaitCode(1);

        String output = run("API=http://localhost:8080/realms/perch/auth-api/v1\nPROOF=" + proof + "\n"
                + blocks.get(3).replace("bob@perch.example", address).replace("123456", code));

        assertThat(output.split("\"access_token\"", -1)).hasSize(3);
    }

    @Test
    void theCallsOfTheAuthApiAreAllAccepted() throws Exception {
        String commands = blocks("keycloak-providers/README.md", "## auth-api").stream()
                .filter(block -> block.contains("post register"))
                .findFirst()
                .orElseThrow()
                .replace("\"bob\"", "\"bob-" + UUID.randomUUID() + "\"");
        int signedIn = commands.indexOf("post refresh");
        int refreshed = commands.indexOf("curl -s $API/me ");
        String tokens = run(commands.substring(0, signedIn));

        tokens = run(PREAMBLE + variables(tokens) + commands.substring(signedIn, refreshed));
        String answers = run(PREAMBLE + variables(tokens) + commands.substring(refreshed));

        assertThat(answers)
                .contains("\"first_name\":\"Bob\"", "\"sessions\"", "\"users\"")
                .doesNotContain("\"error\"");
    }

    /** The journey of an app without a browser: register, second factor, sign-in, forgotten password. */
    @Test
    void theJourneyOfTheGuideForAppsEndsWithTokens() throws Exception {
        assumePrograms("jq", "oathtool");
        String guide = "docs/guides/first-party-apps.md";
        List<String> all = shellBlocks(guide, "## The whole journey").stream()
                .map(block -> block.replaceAll("\\bwren\\b", user)
                        .replace("curl-app", "app-" + user)
                        .replace("local-stack/data/mail", mail()))
                .toList();
        String preparation = all.get(0);
        String cleaning = all.get(all.size() - 1);

        String output;
        try {
            output = run(String.join("", all.subList(0, all.size() - 1)));
        } finally {
            run(preparation.lines().takeWhile(line -> !line.isBlank()).collect(Collectors.joining("\n", "", "\n"))
                    + cleaning);
        }

        assertThat(output.split("\"access_token\"", -1)).as(output).hasSize(5);
        assertThat(output).contains("\"password_changed\":true").doesNotContain("\"step_failed\":true");
    }

    @Test
    void theCommandsForA401ShowTheReasonAndTheClaims() throws Exception {
        List<String> blocks = blocks("docs/operations/troubleshooting.md", "## 401 although you are signed in");

        assertThat(run("TOKEN=wrong\n" + blocks.get(0).strip() + " || true\n"))
                .containsIgnoringCase("www-authenticate: Bearer error=\"invalid_token\"");
        String token = new PerchRealm(system)
                .passwordGrant("perch-cli", new TestUser("", "ada", "perch-demo-ada"))
                .field("access_token");
        assertThat(run("TOKEN=" + token + "\n" + blocks.get(0).strip() + " || true\n"))
                .contains("200", "\"iss\":\"" + system.keycloak() + "/realms/perch\"");
    }

    @Test
    void theCommandsForALockedAccountShowTheLockAndRemoveIt() throws Exception {
        String troubleshooting = "docs/operations/troubleshooting.md";
        String login =
                shellOfKeycloak(blocks(troubleshooting, "# Troubleshooting").get(0));
        String commands =
                blocks(troubleshooting, "## A right password is refused").get(0).replace("alice", user);
        try (KeycloakAdmin admin = new KeycloakAdmin(system)) {
            TestUser created = admin.createUser();
            commands = commands.replace(user, created.username());
            PerchRealm realm = new PerchRealm(system);
            for (int i = 0; i < 11; i++) {
                realm.passwordGrant("perch-cli", new TestUser("", created.username(), "wrong"));
            }

            assertThat(run(login + commands)).contains("\"disabled\" : true");
            assertThat(realm.passwordGrant("perch-cli", created).status()).isEqualTo(200);
        }
    }

    @Test
    void theKeysetIsRotatedAndStillHasAKey(@TempDir Path folder) throws Exception {
        Path jar = Project.path("resource-server/target/resource-server.jar").toAbsolutePath();
        String guide = "docs/guides/encryption-keys.md";
        List<String> without = blocks(guide, "## Without downtime");
        String commands =
                blocks(guide, "# Replace keys and secrets").get(0).replace("resource-server.jar", jar.toString())
                        + "cd " + folder + "\n$JAR generate-keyset > keyset.json\n"
                        + String.join("", without) + blocks(guide, "## Reseal").get(1)
                        + "stat -c %a keyset.json\ncat keyset.json\n";

        String output = run(commands);

        assertThat(output).startsWith("600");
        assertThat(JSON.readTree(output.substring(output.indexOf('{'))).path("key"))
                .hasSize(1);
    }

    private static void assumePrograms(String... programs) {
        for (String program : programs) {
            assumeTrue(
                    Stream.of(System.getenv("PATH").split(File.pathSeparator))
                            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
                    program + " is not installed");
        }
    }

    private String mail() {
        return dataDirectory().resolve("mail").toString();
    }

    private String shellOfKeycloak(String commands) {
        Path tools = dataDirectory().resolve("keycloak/server/bin");
        return commands.replace("local-stack/data/keycloak/server/bin", tools.toString());
    }

    private Path dataDirectory() {
        assumeTrue(system.dataDirectory().isPresent(), "the files of this system cannot be read");
        return system.dataDirectory().orElseThrow().toAbsolutePath();
    }

    /** The tokens of the last answer, as the variables that the commands have. */
    private String variables(String answers) {
        JsonNode tokens = JSON.readTree(answers.substring(answers.lastIndexOf("{\"access_token\"")));
        String administrator = new PerchRealm(system)
                .passwordGrant("perch-cli", new TestUser("", "ada", "perch-demo-ada"))
                .field("access_token");
        return "ACCESS_TOKEN=%s%nREFRESH_TOKEN=%s%nADMINS_ACCESS_TOKEN=%s%n"
                .formatted(
                        tokens.path("access_token").asString(),
                        tokens.path("refresh_token").asString(),
                        administrator);
    }

    /** The code blocks between a heading and the next one of the same level, in their order. */
    private static List<String> blocks(String document, String heading) throws IOException {
        return blocks(BLOCK, document, heading);
    }

    /** Only the blocks that are marked as commands of a shell. */
    private static List<String> shellBlocks(String document, String heading) throws IOException {
        return blocks(SHELL_BLOCK, document, heading);
    }

    private static List<String> blocks(Pattern block, String document, String heading) throws IOException {
        String text = Files.readString(Project.path(document));
        int start = text.startsWith(heading) ? 0 : text.indexOf("\n" + heading + "\n") + 1;
        String section = text.substring(start + heading.length());
        int end = section.indexOf("\n## ");
        return block.matcher(end < 0 ? section : section.substring(0, end))
                .results()
                .map((MatchResult found) -> found.group(1).stripIndent())
                .toList();
    }

    /** What a shell prints for these commands; fails if the last one fails. */
    private String run(String commands) throws IOException, InterruptedException {
        String script = commands.replace(
                        "http://localhost:8080", system.keycloak().toString())
                .replace("http://localhost:8000", system.api().toString());
        Process shell = new ProcessBuilder("bash", "-c", script)
                .redirectErrorStream(true)
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as(script).isTrue();
        assertThat(shell.exitValue()).as(output).isZero();
        return output;
    }
}
