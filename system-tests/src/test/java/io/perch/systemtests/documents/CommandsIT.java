package io.perch.systemtests.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.Project;
import io.perch.systemtests.client.Mailbox;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.client.TestUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code curl} commands of the documents, as a reader runs them in a shell: one after the other, with the variables of the earlier
 * ones. Only the addresses of the servers are replaced, and what a reader has to replace.
 */
@PerchSystemTest
class CommandsIT {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```[a-z]*\\n(.*?)^```");
    private static final String PREAMBLE = """
            API=http://localhost:8080/realms/perch/auth-api/v1
            post() { curl -s "$API/$1" -H 'Content-Type: application/json' -d "$2"; }
            """;
    private static final long LIMIT_SECONDS = 90;
    private static final JsonMapper JSON = new JsonMapper();

    private final PerchSystem system;

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
        String text = Files.readString(Project.path(document));
        String section = text.substring(text.indexOf(heading) + heading.length());
        int end = section.indexOf("\n## ");
        return BLOCK.matcher(end < 0 ? section : section.substring(0, end))
                .results()
                .map((MatchResult block) -> block.group(1))
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
