package io.perch.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What {@code ./perch} prints while Maven builds. */
class BuildProgressTest {

    private static final String BUILD = """
            [INFO] Scanning for projects...
            [INFO] ---------------< io.perch:web-console >---------------
            [INFO] Building Perch Web Console 0.1.0-SNAPSHOT                          [3/4]
            [WARNING] a warning
            [INFO] Nothing to compile - all classes are up to date.

            """;
    private static final String DOWNLOADS = """
            [INFO] Downloading from central: /org/keycloak/keycloak-quarkus-dist-26.7.5.zip
            [INFO] Downloaded from central: /a.jar (30 MB at 9.0 MB/s)
            [INFO] Downloaded from central: /a.pom (200 kB at 10 kB/s)
            [INFO] Downloaded from central: /b.jar (25 MB at 9.0 MB/s)
            [INFO] Downloaded from central: /keycloak-quarkus-dist-26.7.5.zip (151 MB at 9.0 MB/s)
            """;

    @Test
    void aFirstBuildShowsItsDownloadsAndModules() throws Exception {
        assertThat(progress(1, 0, DOWNLOADS + BUILD)).isEqualTo("""
                [perch] downloading Keycloak, the largest file
                [perch] downloaded 50 MB of at most 700 MB
                [perch] downloaded 200 MB of at most 700 MB
                [perch] building Perch Web Console (3 of 4)
                """);
    }

    @Test
    void aLaterBuildShowsNothing() throws Exception {
        assertThat(progress(0, 0, BUILD)).isEmpty();
    }

    @Test
    void errorsAreShownAndTheBuildFails() throws Exception {
        assertThat(progress(0, 1, BUILD + "[ERROR] cannot find symbol\n  symbol: class A\n"))
                .isEqualTo("[ERROR] cannot find symbol\n  symbol: class A\n");
    }

    private static String progress(int first, int exitCode, String maven) throws Exception {
        var awk = new ProcessBuilder("awk", "-v", "first=" + first, "-v", "total=700", "-f", "build-progress.awk")
                .directory(Path.of("").toAbsolutePath().toFile())
                .redirectErrorStream(true)
                .start();
        try (var input = awk.getOutputStream()) {
            input.write((maven + "maven-exit-code " + exitCode + "\n").getBytes(StandardCharsets.UTF_8));
        }
        var printed = new String(awk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(awk.waitFor()).isEqualTo(exitCode);
        return printed;
    }
}
