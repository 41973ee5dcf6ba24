package io.perch.systemtests.documents;

import static io.perch.systemtests.documents.Commands.assumePrograms;
import static io.perch.systemtests.documents.Commands.blocks;
import static io.perch.systemtests.documents.Commands.shellBlocks;
import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Mailbox;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.client.TestUser;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code curl} commands of the documents for developers, as a reader runs them in a shell: one after the other, with the variables of
 * the earlier ones. Only the addresses of the servers are replaced, and what a reader has to replace.
 */
@PerchSystemTest
class CommandsIT {

    private static final String PREAMBLE = """
            API=http://localhost:8080/realms/perch/auth-api/v1
            post() { curl -s "$API/$1" -H 'Content-Type: application/json' -d "$2"; }
            """;
    private static final JsonMapper JSON = new JsonMapper();

    private final PerchSystem system;
    private final Commands commands;
    private final String user = "reader-" + UUID.randomUUID().toString().substring(0, 8);

    CommandsIT(PerchSystem system) {
        this.system = system;
        this.commands = new Commands(system);
    }

    @Test
    void theLoginOfTheReadmeSucceeds() throws Exception {
        List<String> blocks = blocks("README.md", "## The first five minutes");

        assertThat(commands.run(blocks.get(0))).contains("\"status\":\"success\"");
    }

    @Test
    void theChallengeOfTheReadmeIsAnsweredAndItsEventsAreShown() throws Exception {
        List<String> blocks = blocks("README.md", "## The first five minutes");
        // The reader ends the stream with Ctrl-C
        String events = blocks.get(1).replace("curl -sSN ", "curl -sSN --max-time 20 ");
        assertThat(events).isNotEqualTo(blocks.get(1));

        String output = commands.run(blocks.get(0) + events.strip() + " || true\n");

        assertThat(output).contains("\"challenge_required\"");
        assertThat(output.substring(output.indexOf("\"challenge_required\"")))
                .contains("event:", "challenge_me", "\"status\":\"success\"");
    }

    @Test
    void theUserWhoRegistersInTheReadmeGetsTokensForTheCodeAndForThePassword() throws Exception {
        List<String> blocks = blocks("README.md", "## The first five minutes");
        String address = "bob-" + UUID.randomUUID() + "@perch.example";
        String register = blocks.get(2).replace("bob@perch.example", address);
        String proof = commands.run(register + "echo \"$PROOF\"\n").strip();
        assertThat(proof).isNotEmpty();
        String code = Mailbox.of(system, address).awaitCode(1);

        String output = commands.run("API=http://localhost:8080/realms/perch/auth-api/v1\nPROOF=" + proof + "\n"
                + blocks.get(3).replace("bob@perch.example", address).replace("123456", code));

        assertThat(output.split("\"access_token\"", -1)).hasSize(3);
    }

    @Test
    void theCallsOfTheAuthApiAreAllAccepted() throws Exception {
        String calls = blocks("keycloak-providers/README.md", "## auth-api").stream()
                .filter(block -> block.contains("post register"))
                .findFirst()
                .orElseThrow()
                .replace("\"bob\"", "\"bob-" + UUID.randomUUID() + "\"");
        int signedIn = calls.indexOf("post refresh");
        int refreshed = calls.indexOf("curl -s $API/me ");
        String tokens = commands.run(calls.substring(0, signedIn));

        tokens = commands.run(PREAMBLE + variables(tokens) + calls.substring(signedIn, refreshed));
        String answers = commands.run(PREAMBLE + variables(tokens) + calls.substring(refreshed));

        assertThat(answers)
                .contains("\"first_name\":\"Bob\"", "\"sessions\"", "\"users\"")
                .doesNotContain("\"error\"");
    }

    @Test
    void theCallsOfTheAuthApiWithCodesAreAllAccepted() throws Exception {
        String address = "carol-" + UUID.randomUUID() + "@perch.example";
        List<String> calls = blocks("keycloak-providers/README.md", "## auth-api").stream()
                .filter(block -> block.contains("post verify-email"))
                .findFirst()
                .orElseThrow()
                .replace("carol@perch.example", address)
                .lines()
                .toList();
        assertThat(calls).hasSize(4);
        Mailbox mailbox = Mailbox.of(system, address);

        String registered = commands.run(PREAMBLE + calls.get(0));
        String proof = JSON.readTree(registered).path("registration_token").asString();
        String verified = commands.run(PREAMBLE + "REGISTRATION_TOKEN=" + proof + "\n"
                + calls.get(1).replace("123456", mailbox.awaitCode(1)) + "\n" + calls.get(2));
        String reset = commands.run(PREAMBLE + calls.get(3).replace("123456", mailbox.awaitCode(2)));

        assertThat(verified).contains("\"access_token\"").doesNotContain("\"error\"");
        // 204
        assertThat(reset).isEmpty();
        assertThat(new PerchRealm(system)
                        .passwordGrant("perch-cli", new TestUser("", address, "another horse battery"))
                        .status())
                .isEqualTo(200);
    }

    /** The journey of an app without a browser: register, second factor, sign-in, forgotten password, step-up. */
    @Test
    void theJourneyOfTheGuideForAppsEndsWithTokens() throws Exception {
        assumePrograms("jq", "oathtool");
        String guide = "docs/guides/first-party-apps.md";
        List<String> all = shellBlocks(guide, "## The whole journey").stream()
                .map(block -> block.replaceAll("\\bwren\\b", user)
                        .replace("curl-app", "app-" + user)
                        .replace(
                                "local-stack/data/mail",
                                commands.dataDirectory().resolve("mail").toString()))
                .toList();
        String preparation = all.get(0);
        String cleaning = all.get(all.size() - 1);

        String output;
        try {
            output = commands.run(String.join("", all.subList(0, all.size() - 1)));
        } finally {
            commands.run(
                    preparation.lines().takeWhile(line -> !line.isBlank()).collect(Collectors.joining("\n", "", "\n"))
                            + cleaning);
        }

        assertThat(output.split("\"access_token\"", -1)).as(output).hasSize(6);
        assertThat(output)
                .contains("\"password_changed\":true", "The sign-in is older than the client policy allows")
                .doesNotContain("\"step_failed\":true");
    }

    @Test
    void theCallsOfTheDeviceFlowWaitForTheUser() throws Exception {
        List<String> calls = blocks("docs/front-ends.md", "## Which sign-in for which client");
        String device = commands.run(calls.get(1));
        String code = JSON.readTree(device).path("device_code").asString();
        String realm = calls.get(1).lines().findFirst().orElseThrow();

        String answer = commands.run(realm + "\n" + calls.get(2).replace("DEVICE_CODE", code));

        assertThat(JSON.readTree(device).path("verification_uri").asString()).startsWith("http");
        assertThat(JSON.readTree(answer).path("error").asString()).isEqualTo("authorization_pending");
    }

    @Test
    void theOperationOfTheReferenceIsAccepted() throws Exception {
        String token = new PerchRealm(system)
                .passwordGrant("perch-cli", new TestUser("", "mona", "perch-demo-mona"))
                .field("access_token");

        String output = commands.run("TOKEN=" + token + "\n"
                + blocks("docs/reference/http-api.md", "# The API of the resource server")
                        .get(0));

        assertThat(output).contains("\"count\":", "\"as_of\":", "\"operation_id\":");
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
}
