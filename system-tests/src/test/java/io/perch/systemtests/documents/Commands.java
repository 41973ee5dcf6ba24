package io.perch.systemtests.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.Project;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The commands of the documents, and a shell that runs them on the system under test. */
final class Commands {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```[a-z]*\\n(.*?)^ *```");
    private static final Pattern SHELL_BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```");
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final PerchSystem system;

    Commands(PerchSystem system) {
        this.system = system;
    }

    /** The code blocks between a heading and the next one of the second level, in their order. */
    static List<String> blocks(String document, String heading) {
        return blocks(BLOCK, document, heading);
    }

    /** Only the blocks that are marked as commands of a shell. */
    static List<String> shellBlocks(String document, String heading) {
        return blocks(SHELL_BLOCK, document, heading);
    }

    /** The first code within a line of the document that has this beginning. */
    static String inline(String document, String beginning) {
        return Project.matches(document, "`(" + Pattern.quote(beginning) + "[^`]*)`")
                .findFirst()
                .orElseThrow();
    }

    /** Skips the test if one of these programs is not in the {@code PATH}. */
    static void assumePrograms(String... programs) {
        for (String program : programs) {
            assumeTrue(
                    Stream.of(System.getenv("PATH").split(File.pathSeparator))
                            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
                    program + " is not installed");
        }
    }

    /** The local stack's data. Skips the test if the tests cannot read it. */
    Path dataDirectory() {
        assumeTrue(system.dataDirectory().isPresent(), "the files of this system cannot be read");
        return system.dataDirectory().orElseThrow().toAbsolutePath();
    }

    /** The folder with Keycloak's command line. */
    Path keycloaksTools() {
        return dataDirectory().resolve("keycloak/server/bin");
    }

    /** What a shell prints for these commands. Fails if the last one fails. */
    String run(String commands) throws IOException, InterruptedException {
        return run(commands, Path.of("").toAbsolutePath(), "", LIMIT);
    }

    /** The same in a folder, with this input and this limit of time. */
    String run(String commands, Path folder, String input, Duration limit) throws IOException, InterruptedException {
        String script = commands.replace(
                        "http://localhost:8080", system.keycloak().toString())
                .replace("http://localhost:8000", system.api().toString());
        Process shell = new ProcessBuilder("bash", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        try (var in = shell.outputWriter(StandardCharsets.UTF_8)) {
            in.write(input);
        }
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(limit.toSeconds(), TimeUnit.SECONDS))
                .as(script)
                .isTrue();
        assertThat(shell.exitValue()).as(output).isZero();
        return output;
    }

    private static List<String> blocks(Pattern block, String document, String heading) {
        String text = Project.text(document);
        int start = text.startsWith(heading) ? 0 : text.indexOf("\n" + heading + "\n") + 1;
        String section = text.substring(start + heading.length());
        int end = section.indexOf("\n## ");
        return block.matcher(end < 0 ? section : section.substring(0, end))
                .results()
                .map((MatchResult found) -> found.group(1).stripIndent())
                .toList();
    }
}
