package io.perch.systemtests.containers;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The containers of a Docker Compose project. Uses the command {@code docker}. */
final class Compose {

    private static final Duration RESTART_LIMIT = Duration.ofMinutes(3);
    private static final String PROJECT_LABEL = "label=com.docker.compose.project=";
    private static final String SERVICE = "{{.Label \"com.docker.compose.service\"}}";

    private final String project;

    private Compose(String project) {
        this.project = project;
    }

    /** Returns the project in {@code COMPOSE_PROJECT_NAME}; the default is {@code perch}. */
    static Compose underTest() {
        return new Compose(System.getenv().getOrDefault("COMPOSE_PROJECT_NAME", "perch"));
    }

    /** Returns the names of the running services. */
    List<String> services() {
        return docker("ps", "--filter", PROJECT_LABEL + project, "--format", SERVICE)
                .lines()
                .sorted()
                .toList();
    }

    /** Returns the log of a service's container since its last start. */
    String log(String service) {
        return docker("logs", container(service));
    }

    /** Runs a command with this input in a service's container. Returns the output, also if the command fails. */
    String execute(String service, String input, String... command) {
        List<String> all = Stream.concat(
                        Stream.of("docker", "exec", "--interactive", container(service)), Stream.of(command))
                .toList();
        return run(all, input).output();
    }

    /** Restarts a service's container and waits until its health check succeeds. */
    void restart(String service) {
        String container = container(service);
        docker("restart", "--time", "30", container);
        await(service + " is healthy")
                .atMost(RESTART_LIMIT)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> docker("inspect", "--format", "{{.State.Health.Status}}", container)
                        .strip()
                        .equals("healthy"));
    }

    private String container(String service) {
        return docker(
                        "ps",
                        "--quiet",
                        "--filter",
                        PROJECT_LABEL + project,
                        "--filter",
                        "label=com.docker.compose.service=" + service)
                .strip();
    }

    private static String docker(String... arguments) {
        List<String> command =
                Stream.concat(Stream.of("docker"), Stream.of(arguments)).toList();
        Result result = run(command, "");
        if (result.exitCode() != 0) {
            throw new AssertionError(command + ": " + result.output());
        }
        return result.output();
    }

    private static Result run(List<String> command, String input) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new AssertionError("Cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted: " + command, e);
        }
    }

    private record Result(int exitCode, String output) {}
}
