package io.perch.systemtests.containers;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The containers of one project of Docker Compose, by the command {@code docker}. */
final class Compose {

    private static final Duration RESTART_LIMIT = Duration.ofMinutes(3);
    private static final String PROJECT_LABEL = "label=com.docker.compose.project=";
    private static final String SERVICE = "{{.Label \"com.docker.compose.service\"}}";

    private final String project;

    private Compose(String project) {
        this.project = project;
    }

    /** Returns the containers of the project that {@code PERCH_COMPOSE_PROJECT} names; by default {@code perch}. */
    static Compose underTest() {
        return new Compose(System.getenv().getOrDefault("PERCH_COMPOSE_PROJECT", "perch"));
    }

    /** Returns the names of the services that run. */
    List<String> services() {
        return docker("ps", "--filter", PROJECT_LABEL + project, "--format", SERVICE)
                .lines()
                .sorted()
                .toList();
    }

    /** Returns what the container of a service has logged since its last start. */
    String log(String service) {
        return docker("logs", container(service));
    }

    /** Runs a command in the container of a service with an input, and returns what it prints, whether it succeeds or fails. */
    String execute(String service, String input, String... command) {
        List<String> all = Stream.concat(
                        Stream.of("docker", "exec", "--interactive", container(service)), Stream.of(command))
                .toList();
        return run(all, input).output();
    }

    /** Restarts the container of a service, and waits until its health check passes. */
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
