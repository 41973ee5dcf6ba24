package io.perch.systemtests.kubernetes;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.Project;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The variables that pods get, the Secrets that they take them from, and the rights in Kafka. */
class SettingsTest {

    private static final String GUIDE = "docs/operations/kubernetes.md";
    private static final String OUTBOX = "KC_SPI_EVENTS_LISTENER__KAFKA_OUTBOX__";

    @Test
    void aVariableOfTheResourceServerIsInItsReference() {
        assertThat(variables("resource-server"))
                .isNotEmpty()
                .isSubsetOf(described("docs/reference/configuration.md", "`([A-Z][A-Z0-9_]*)`"));
    }

    @Test
    void aVariableOfTheConsoleIsInItsReadme() {
        assertThat(variables("web-console"))
                .isNotEmpty()
                .isSubsetOf(described("web-console/README.md", "`([A-Z][A-Z0-9_]*)`"));
    }

    @Test
    void aVariableOfKeycloakIsAPlaceholderOfTheRealmOrAnOption() {
        Set<String> placeholders = described("realm-export/perch-realm.json", "\\$\\{([A-Z][A-Z0-9_]*)");
        Set<String> options = described("docs/user-events.md", "`([a-z-]+)`");

        assertThat(variables("keycloak")).isNotEmpty().allSatisfy(name -> {
            if (name.startsWith(OUTBOX)) {
                assertThat(name.substring(OUTBOX.length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-'))
                        .isIn(options);
            } else if (!name.startsWith("KC_")) {
                assertThat(name).isIn(placeholders);
            }
        });
    }

    @Test
    void noSecretIsInTheFilesAndTheGuideListsEachWithItsKeys() {
        List<String> table = Project.text(GUIDE)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .toList();

        assertThat(Manifest.ofKind("Secret")).isEmpty();
        assertThat(Manifest.all()
                        .flatMap(manifest -> secretKeys(manifest.content()))
                        .distinct())
                .hasSizeGreaterThan(10)
                .allSatisfy(secret -> assertThat(table)
                        .anyMatch(line -> line.startsWith("| `" + secret.name() + "` |")
                                && line.contains("`" + secret.key() + "`")));
    }

    @Test
    void onlyKeycloakMayWriteEventsAboutUsersAsInTheComposeFile() {
        Set<String> granted = Manifest.ofKind("KafkaUser")
                .flatMap(user -> Manifest.mapsAt(user.content(), "spec", "authorization", "acls").stream()
                        .map(acl -> user.name() + " " + Manifest.at(acl, "resource", "name") + " "
                                + Manifest.at(acl, "operations")))
                .collect(toCollection(TreeSet::new));

        String all = " [Read, Write, Create, Describe, DescribeConfigs]";
        assertThat(granted)
                .containsExactlyInAnyOrder(
                        "kafka-keycloak user-events [Write, Describe]",
                        "kafka-resource-server user-events [Read, Create, Describe, DescribeConfigs]",
                        "kafka-resource-server twitter_login_requests" + all,
                        "kafka-resource-server twitter_login_requests.DLT" + all,
                        "kafka-resource-server user-events.DLT" + all,
                        "kafka-resource-server task-events" + all,
                        "kafka-resource-server perch- [Read]");
        assertThat(Project.text("docker-compose.yml"))
                .contains(
                        "acls keycloak --operation Write --operation Describe --topic user-events",
                        "acls resource-server --operation Read --operation Create --operation Describe "
                                + "--operation DescribeConfigs --topic user-events",
                        "for topic in twitter_login_requests twitter_login_requests.DLT user-events.DLT task-events;",
                        "acls resource-server --operation Read --group perch- --resource-pattern-type prefixed");
    }

    /** What the ConfigMap of that name has in the base and the overlays, and what the containers get beside it. */
    private static Set<String> variables(String server) {
        Stream<String> generated = Manifest.files().stream()
                .filter(file -> file.endsWith(Path.of(server + ".env")))
                .flatMap(file ->
                        Project.matches(Project.path("").relativize(file).toString(), "^([A-Z][A-Z0-9_]*)="));
        Stream<String> set = Manifest.ofKind("ConfigMap")
                .filter(manifest -> manifest.name().equals(server))
                .flatMap(manifest -> manifest.map("data").keySet().stream())
                .map(String::valueOf);
        Stream<String> direct = Manifest.all()
                .filter(manifest -> manifest.name().equals(server))
                .flatMap(manifest -> Manifest.mapsAt(manifest.podSpec(), "containers").stream())
                .flatMap(container -> Manifest.mapsAt(container, "env").stream())
                .map(variable -> String.valueOf(variable.get("name")));
        return Stream.of(generated, set, direct).flatMap(names -> names).collect(toCollection(TreeSet::new));
    }

    private static Set<String> described(String file, String regex) {
        return Project.matches(file, regex).collect(toCollection(TreeSet::new));
    }

    private record SecretKey(String name, String key) {}

    /** The Secrets that a part of a manifest names, each with a key. */
    private static Stream<SecretKey> secretKeys(Object part) {
        if (part instanceof List<?> list) {
            return list.stream().flatMap(SettingsTest::secretKeys);
        }
        if (!(part instanceof Map<?, ?> map)) {
            return Stream.of();
        }
        return map.entrySet().stream()
                .flatMap(entry -> entry.getValue() instanceof Map<?, ?> value
                                && value.containsKey("name")
                                && value.containsKey("key")
                                && String.valueOf(entry.getKey()).matches("(?i).*secret(Key)?Ref|.*secret")
                        ? Stream.of(new SecretKey(String.valueOf(value.get("name")), String.valueOf(value.get("key"))))
                        : volumeKeys(entry.getValue(), entry.getKey()));
    }

    private static Stream<SecretKey> volumeKeys(Object value, Object key) {
        if (key.equals("secret") && value instanceof Map<?, ?> secret && secret.containsKey("secretName")) {
            return Manifest.mapsAt(secret, "items").stream()
                    .map(item ->
                            new SecretKey(String.valueOf(secret.get("secretName")), String.valueOf(item.get("key"))));
        }
        return secretKeys(value);
    }
}
