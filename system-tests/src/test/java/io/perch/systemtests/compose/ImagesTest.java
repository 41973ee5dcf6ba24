package io.perch.systemtests.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.Project;
import io.perch.systemtests.compose.ComposeFile.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The content of the containers: pinned images, our Dockerfiles and the mounted files. */
class ImagesTest {

    private static final ComposeFile COMPOSE = ComposeFile.read();
    private static final String KEYCLOAK_DOCKERFILE = "keycloak-providers/Dockerfile";
    private static final String RESOURCE_SERVER_DOCKERFILE = "resource-server/Dockerfile";

    /** The first group is the image with its tag and digest. */
    private static final String FROM = "^FROM (\\S+)";

    @Test
    void foreignImagesArePinned() {
        String kafka = "apache/kafka:4.3.1@sha256:77e3df9054047a88b520d0cc46e16696d3b22022e1d580aeccd2632df6532837";
        Map<String, String> images = new TreeMap<>();
        COMPOSE.services().values().stream()
                .filter(service -> service.map("build").isEmpty())
                .forEach(service -> images.put(service.name(), service.text("image")));

        assertThat(images)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "kafka",
                        kafka,
                        "kafka-acls",
                        kafka,
                        "mailpit",
                        "axllent/mailpit:v1.31.4"
                                + "@sha256:b68349e3a014b90c5610bfb26b2ae36f3892d7b8cf25ee140c6c71c98d2fcf48",
                        "mongodb",
                        "mongo:8.0.26",
                        "postgres",
                        "postgres:18.6-alpine",
                        "redis",
                        "redis:8.10.2-alpine"));
    }

    @Test
    void keycloakIsBuiltAndRunWithTheSamePinnedImage() {
        List<String> images = Project.matches(KEYCLOAK_DOCKERFILE, FROM)
                .filter(image -> !image.startsWith("maven:"))
                .toList();

        assertThat(images)
                .hasSize(2)
                .containsOnly("quay.io/keycloak/keycloak:26.7.5"
                        + "@sha256:37dbaf6f0722c9ec246335f36e1ef8b2e6cb960f7c27e0d8c615121a3d475a85");
    }

    @Test
    void keycloaksImageHasTheTestedMinorVersion() {
        String tested = first("pom.xml", "<keycloak.version>(\\d+\\.\\d+)\\.");

        assertThat(Project.matches(KEYCLOAK_DOCKERFILE, "^FROM \\S+/keycloak:(\\d+\\.\\d+)\\."))
                .isNotEmpty()
                .containsOnly(tested);
    }

    @Test
    void keycloakIsBuiltForPostgresAndStartsOptimized() {
        assertThat(Project.text(KEYCLOAK_DOCKERFILE))
                .contains("KC_DB=postgres", "KC_HEALTH_ENABLED=true", "kc.sh build", "touch -m --date=@");
        assertThat(COMPOSE.service("keycloak").list("command"))
                .containsExactly("start", "--optimized", "--import-realm");
    }

    @Test
    void theResourceServerRunsOnAJreAsTheUserOfTheComposeFile() {
        assertThat(Project.matches(RESOURCE_SERVER_DOCKERFILE, FROM)).last().isEqualTo("eclipse-temurin:25-jre-alpine");
        assertThat(first(RESOURCE_SERVER_DOCKERFILE, "^USER (\\S+)"))
                .isEqualTo(COMPOSE.service("resource-server").text("user"));
    }

    @Test
    void theResourceServersJarHasTheNameOfTheModule() {
        String name = first("resource-server/pom.xml", "<finalName>([^<]+)</finalName>") + ".jar";

        assertThat(Project.text(RESOURCE_SERVER_DOCKERFILE))
                .contains("resource-server/target/" + name, "\"-jar\", \"" + name + "\"");
        assertThat(Project.text(".env.example")).contains("resource-server/target/" + name);
    }

    @Test
    void bothImagesAreBuiltWithTheSameMaven() {
        assertThat(first(KEYCLOAK_DOCKERFILE, FROM))
                .startsWith("maven:3.9.")
                .isEqualTo(first(RESOURCE_SERVER_DOCKERFILE, FROM));
    }

    @Test
    void everyMountedPathAndDockerfileExists() {
        for (Service service : COMPOSE.services().values()) {
            assertThat(service.mountedPaths().map(Project::path))
                    .as(service.name())
                    .allSatisfy(path -> assertThat(path).isRegularFile());
            Map<String, Object> build = service.map("build");
            if (!build.isEmpty()) {
                assertThat(build).containsEntry("context", ".");
                assertThat(Project.path(String.valueOf(build.get("dockerfile"))))
                        .isRegularFile();
            }
        }
    }

    @Test
    void theRealmIsImportedAndTheDemoUsersAreNot() {
        assertThat(COMPOSE.service("keycloak").list("volumes"))
                .containsExactly("./realm-export/perch-realm.json:/opt/keycloak/data/import/perch-realm.json:ro");
    }

    @Test
    void onlySourcesAndPomsAreSentToTheBuild() {
        List<String> rules = Project.text(".dockerignore")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
        List<String> modules =
                Project.matches("pom.xml", "<module>([^<]+)</module>").toList();
        List<String> expected = new ArrayList<>(List.of("*", "!.mvn", "!LICENSE", "!pom.xml"));
        modules.stream().sorted().map(module -> "!" + module + "/pom.xml").forEach(expected::add);
        expected.add("!env-file/src");
        Stream.of("keycloak-providers", "resource-server", "web-console")
                .map(module -> "!" + module + "/src/main")
                .forEach(expected::add);

        assertThat(modules).isNotEmpty();
        assertThat(rules).containsExactlyElementsOf(expected);
    }

    private static String first(String file, String regex) {
        return Project.matches(file, regex)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no match in " + file + " for " + regex));
    }
}
