package io.perch.systemtests.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.perch.systemtests.Project;
import io.perch.systemtests.compose.ComposeFile.Variable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code docker-compose config} reads the files. It needs no Docker engine. It finds errors that a YAML parser does not
 * find: keys in wrong places, values of wrong types, and undefined names.
 */
class DockerComposeReadsTheFileTest {

    private static final List<String> COMMAND = dockerCompose();

    private final Path folder;

    DockerComposeReadsTheFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void needsDockerCompose() {
        assumeTrue(
                !COMMAND.isEmpty(),
                "neither docker-compose nor docker compose is on the path, so that it cannot read docker-compose.yml");
    }

    @Test
    void theFileIsReadWithoutErrorsOrWarnings() throws Exception {
        Result result = config(filledIn());

        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(ComposeFile.mapOf(
                        ComposeFile.get(ComposeFile.mapOf(ComposeFile.yaml().load(result.output())), "services")))
                .containsOnlyKeys(ComposeFile.read().services().keySet());
    }

    @Test
    void theProductionFileIsReadToo() throws Exception {
        Result result = config(filledIn(), ComposeFile.NAME, ComposeFile.PRODUCTION);

        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.output())
                .contains("KC_HOSTNAME: https://filled-in", "KC_DB_URL_HOST: postgres", "KC_PROXY_HEADERS: xforwarded");
    }

    @Test
    void aMissingSecretIsReported() throws Exception {
        List<String> secrets = ComposeFile.read()
                .variables()
                .filter(Variable::mustBeSet)
                .map(Variable::name)
                .distinct()
                .toList();
        assertThat(secrets).isNotEmpty();

        for (String secret : secrets) {
            Map<String, String> environment = filledIn();
            environment.put(secret, "");
            Result result = config(environment);

            assertThat(result.exitCode()).as(secret).isNotZero();
            assertThat(result.errors()).contains("set " + secret + " in .env");
        }
    }

    @Test
    void aKeysetIsPassedOnUnchanged() throws Exception {
        String keyset = "{\"primaryKeyId\":7,\"key\":[{\"keyData\":{\"value\":\"GiAb+/9=\"},\"keyId\":7}]}";
        Map<String, String> environment = filledIn();
        environment.put("ENCRYPTION_KEYSET", "'" + keyset + "'");

        assertThat(config(environment).output()).contains("ENCRYPTION_KEYSET: '" + keyset + "'");
    }

    @Test
    void aFurtherVariableIsPassedOnIfItIsSet() throws Exception {
        assertThat(config(filledIn()).output()).doesNotContain("90d");
        Map<String, String> environment = filledIn();
        environment.put("PERCH_TASK_KEEP", "30d");

        assertThat(config(environment).output()).contains("PERCH_TASK_KEEP: 30d");
    }

    /** The example file, with a value for each empty variable. */
    private static Map<String, String> filledIn() {
        Map<String, String> environment = new TreeMap<>(EnvExample.read());
        environment.replaceAll((name, value) -> value.isEmpty() ? "filled-in" : value);
        return environment;
    }

    private Result config(Map<String, String> environment) throws IOException, InterruptedException {
        return config(environment, ComposeFile.NAME);
    }

    private Result config(Map<String, String> environment, String... files) throws IOException, InterruptedException {
        Path envFile = folder.resolve("env");
        Files.write(
                envFile,
                environment.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList());
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        List<String> command = new ArrayList<>(COMMAND);
        for (String file : files) {
            command.addAll(List.of("-f", file));
        }
        command.addAll(List.of("--env-file", envFile.toString(), "config"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Project.path("").toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        // Variables in the environment would override the file
        builder.environment().keySet().removeIf(name -> environment.containsKey(name) || name.startsWith("COMPOSE_"));
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", command) + " has not ended after a minute");
        }
        return new Result(process.exitValue(), Files.readString(output), Files.readString(errors));
    }

    private record Result(int exitCode, String output, String errors) {}

    /** The first command that exists, or an empty list. */
    private static List<String> dockerCompose() {
        if (onPath("docker-compose")) {
            return List.of("docker-compose");
        }
        return onPath("docker") && hasComposePlugin() ? List.of("docker", "compose") : List.of();
    }

    private static boolean onPath(String program) {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static boolean hasComposePlugin() {
        try {
            return new ProcessBuilder("docker", "compose", "version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
