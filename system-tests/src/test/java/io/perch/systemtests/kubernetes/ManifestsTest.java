package io.perch.systemtests.kubernetes;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.Project;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each file of {@code kubernetes/} is for, how pods run, and when they count as ready. */
class ManifestsTest {

    private static final Set<String> OF_KUSTOMIZE = Set.of("Kustomization", "Component");

    static Stream<Manifest> pods() {
        return Manifest.all()
                .filter(manifest ->
                        !Manifest.mapsAt(manifest.podSpec(), "containers").isEmpty())
                .filter(manifest -> !manifest.file().startsWith(Manifest.FOLDER.resolve("overlays")))
                // Their operator makes the pods, which are restricted
                .filter(manifest -> !manifest.kind().equals("MongoDBCommunity"));
    }

    @Test
    void everyFileIsReachedFromAnOverlay() {
        Set<Path> reached = new TreeSet<>();
        for (String overlay : List.of("one-machine", "production")) {
            reach(Manifest.FOLDER.resolve("overlays").resolve(overlay), reached);
        }
        reached.removeIf(file -> !file.startsWith(Manifest.FOLDER));

        assertThat(reached).containsExactlyElementsOf(Manifest.files());
    }

    @Test
    void everyManifestHasAVersionAKindAndAName() {
        assertThat(Manifest.all()
                        .filter(manifest -> !OF_KUSTOMIZE.contains(manifest.kind()))
                        .filter(manifest -> !manifest.file().endsWith("kustomize-config.yaml")))
                .isNotEmpty()
                .allSatisfy(manifest -> {
                    assertThat(manifest.text("apiVersion")).isNotBlank();
                    assertThat(manifest.kind()).isNotBlank();
                    assertThat(manifest.name()).matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");
                });
    }

    @ParameterizedTest
    @MethodSource("pods")
    void aPodIsRestrictedAndWritesToItsVolumesOnly(Manifest pod) {
        Map<?, ?> spec = pod.podSpec();

        assertThat(Manifest.at(spec, "securityContext", "runAsNonRoot")).isEqualTo(true);
        assertThat(Manifest.at(spec, "securityContext", "seccompProfile", "type"))
                .isEqualTo("RuntimeDefault");
        assertThat(Manifest.mapsAt(spec, "containers")).allSatisfy(container -> {
            assertThat(Manifest.at(container, "securityContext", "readOnlyRootFilesystem"))
                    .isEqualTo(true);
            assertThat(Manifest.at(container, "securityContext", "allowPrivilegeEscalation"))
                    .isEqualTo(false);
            assertThat(Manifest.at(container, "securityContext", "capabilities"))
                    .isEqualTo(Map.of("drop", List.of("ALL")));
        });
    }

    @Test
    void theNamespaceRefusesOtherPods() {
        assertThat(Manifest.ofKind("Namespace")).singleElement().satisfies(namespace -> assertThat(
                        namespace.text("metadata", "labels", "pod-security.kubernetes.io/enforce"))
                .isEqualTo("restricted"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"resource-server", "web-console"})
    void aServerRunsAsTheUserOfItsImageAndWithoutAToken(String server) {
        Map<?, ?> spec = deployment(server).podSpec();

        assertThat(Project.matches(server + "/Dockerfile", "^USER (\\S+)"))
                .containsExactly(Manifest.at(spec, "securityContext", "runAsUser") + ":"
                        + Manifest.at(spec, "securityContext", "runAsGroup"));
        assertThat(Manifest.at(spec, "automountServiceAccountToken")).isEqualTo(false);
        assertThat(Manifest.at(spec, "serviceAccountName")).isEqualTo(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"resource-server", "web-console"})
    void aProbeAsksForTheServersOwnHealthAtItsPort(String server) {
        String configuration = server + "/src/main/resources/application.yaml";
        Map<?, ?> container =
                Manifest.mapsAt(deployment(server).podSpec(), "containers").get(0);
        Map<?, ?> port = Manifest.mapsAt(container, "ports").get(0);

        assertThat(Project.matches(configuration, "^server:\\n  port: (\\d+)"))
                .containsExactly(String.valueOf(port.get("containerPort")));
        assertThat(Project.text(configuration))
                .containsPattern("base-path: /\\n")
                .containsPattern("probes:\\n +enabled: true")
                .doesNotContainPattern("(?m)^management:\\n(  .*\\n)*?  server:");
        assertThat(asked(container, "startupProbe", port)).isEqualTo("/health/liveness");
        assertThat(asked(container, "livenessProbe", port)).isEqualTo("/health/liveness");
        assertThat(asked(container, "readinessProbe", port)).isEqualTo("/health/readiness");
        assertThat(Manifest.ofKind("Service")
                        .filter(service -> service.name().equals(server))
                        .map(service -> Manifest.mapsAt(service.content(), "spec", "ports")))
                .containsExactly(List.of(Map.of(
                        "name",
                        "http",
                        "port",
                        port.get("containerPort"),
                        "targetPort",
                        String.valueOf(port.get("name")))));
    }

    @Test
    void keycloaksOwnProbesAreUsedAndItsFirstStartHasTime() {
        Manifest keycloak = Manifest.ofKind("Keycloak")
                .filter(manifest -> manifest.file().toString().contains("components"))
                .findFirst()
                .orElseThrow();

        assertThat(Manifest.mapsAt(keycloak.podSpec(), "containers").get(0).keySet().stream()
                        .map(String::valueOf))
                .doesNotContain("readinessProbe", "livenessProbe", "startupProbe");
        assertThat(keycloak.text("spec", "httpManagement")).isEmpty();
    }

    @Test
    void theAutoscalerUsesMetricsThatAreInTheReference() {
        Set<String> described =
                Project.matches("docs/reference/metrics.md", "`(perch_[a-z_]+)").collect(toCollection(TreeSet::new));

        assertThat(Manifest.ofKind("HorizontalPodAutoscaler")
                        .flatMap(scaler -> Manifest.mapsAt(scaler.content(), "spec", "metrics").stream())
                        .flatMap(metric -> Stream.of("pods", "external", "resource")
                                .map(type -> Manifest.at(metric, type, "metric", "name")))
                        .filter(name -> name != null)
                        .map(String::valueOf))
                .hasSize(2)
                .allMatch(described::contains);
    }

    @ParameterizedTest
    @CsvSource({
        "resource-server, /tasks/events",
        "resource-server, /tasks/9b2c/events",
        "web-console, /api/tasks/events",
    })
    void aGatewayDoesNotCutAnEventStream(String server, String path) {
        Manifest route = Manifest.ofKind("HTTPRoute")
                .filter(manifest -> manifest.name().equals(server))
                .findFirst()
                .orElseThrow();

        assertThat(Manifest.mapsAt(route.content(), "spec", "rules").stream()
                        .filter(rule -> Manifest.mapsAt(rule, "matches").stream()
                                .anyMatch(match -> matches(Manifest.mapAt(match, "path"), path)))
                        .map(rule -> Manifest.at(rule, "timeouts", "request")))
                .containsExactly("0s");
    }

    private static boolean matches(Map<?, ?> match, String path) {
        String value = String.valueOf(match.get("value"));
        return path.equals(value) || ("PathPrefix".equals(match.get("type")) && path.startsWith(value + "/"));
    }

    private static Manifest deployment(String name) {
        return Manifest.ofKind("Deployment")
                .filter(manifest -> manifest.name().equals(name))
                .filter(manifest -> manifest.file().startsWith(Manifest.FOLDER.resolve("base")))
                .findFirst()
                .orElseThrow();
    }

    private static String asked(Map<?, ?> container, String probe, Map<?, ?> port) {
        assertThat(Manifest.at(container, probe, "httpGet", "port")).isEqualTo(port.get("name"));
        return String.valueOf(Manifest.at(container, probe, "httpGet", "path"));
    }

    /** Adds what a folder's kustomization names, and what those name. */
    private static void reach(Path folder, Set<Path> reached) {
        Path file = folder.resolve("kustomization.yaml");
        if (!reached.add(file)) {
            return;
        }
        Map<?, ?> kustomization = Manifest.in(file).findFirst().orElseThrow().content();
        Stream<Object> named = Stream.of("resources", "components", "configurations")
                .flatMap(key -> kustomization.get(key) instanceof List<?> list ? list.stream() : Stream.of());
        Stream<Object> generated = Manifest.mapsAt(kustomization, "configMapGenerator").stream()
                .flatMap(generator -> Stream.of("envs", "files")
                        .flatMap(key -> generator.get(key) instanceof List<?> list ? list.stream() : Stream.of()));
        Stream<Object> patches = Manifest.mapsAt(kustomization, "patches").stream()
                .filter(patch -> patch.containsKey("path"))
                .map(patch -> patch.get("path"));
        Stream.of(named, generated, patches)
                .flatMap(entries -> entries)
                .map(entry -> folder.resolve(String.valueOf(entry)).normalize())
                .forEach(path -> {
                    assertThat(path).exists();
                    if (Files.isDirectory(path)) {
                        reach(path, reached);
                    } else {
                        reached.add(path);
                    }
                });
    }
}
