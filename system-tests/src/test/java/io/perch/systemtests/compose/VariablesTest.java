package io.perch.systemtests.compose;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.Project;
import io.perch.systemtests.compose.ComposeFile.Service;
import io.perch.systemtests.compose.ComposeFile.Variable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The variables that the Compose files read from {@code .env} and those that they set in the containers. */
class VariablesTest {

    private static final ComposeFile COMPOSE = ComposeFile.read();
    private static final ComposeFile PRODUCTION = ComposeFile.read(ComposeFile.PRODUCTION);
    private static final Map<String, String> EXAMPLE = EnvExample.read();
    private static final String APPLICATION = "resource-server/src/main/resources/application.yaml";
    private static final String REFERENCE = "docs/reference/configuration.md";
    private static final String REALM = "realm-export/perch-realm.json";

    /** Names of variables with secret values. */
    private static final String SECRET = ".*(PASSWORD|SECRET|KEYSET|PRIVATE|TOKEN)";

    /** Variables that Spring Boot and Sentry read themselves, without a placeholder. */
    private static final String READ_BY_LIBRARIES = "SENTRY_DSN|(SPRING|SERVER|MANAGEMENT|LOGGING|PERCH)_[A-Z0-9_]+";

    /** The table of variables in a document. */
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (`[A-Z][A-Z0-9_]+`(?:(?:, | or )`[A-Z][A-Z0-9_]+`)*) \\|");

    /** A row of the reference: a variable, its default, its effect, and whether all instances need the same value. */
    private static final Pattern CELLS =
            Pattern.compile("\\| `([A-Z][A-Z0-9_]+)` \\| ([^|]+) \\| [^|]+ \\| (?:same|same \\w+|each) \\|");

    private static final Pattern PREFIX = Pattern.compile("@ConfigurationProperties\\(\"([a-z.-]+)\"\\)");
    private static final Pattern DEFAULT = Pattern.compile("@DefaultValue\\(\"([^\"]*)\"\\) \\w+ (\\w+)");

    @Test
    void theExampleHasExactlyTheUsedVariables() {
        assertThat(EXAMPLE.keySet())
                // Compose itself reads these
                .filteredOn(name -> !name.startsWith("COMPOSE_"))
                .containsExactlyInAnyOrderElementsOf(
                        variables().map(Variable::name).collect(toCollection(TreeSet::new)));
    }

    @Test
    void theExampleHasTheDefaultsOfTheFiles() {
        assertThat(variables().filter(variable -> !variable.mustBeSet())).allSatisfy(variable -> {
            assertThat(variable.operator()).as(variable.name()).isEqualTo(":-");
            assertThat(EXAMPLE).containsEntry(variable.name(), variable.rest());
        });
    }

    @Test
    void theExampleHasNoSecret() {
        assertThat(EXAMPLE).allSatisfy((name, value) -> {
            if (name.matches(SECRET)) {
                assertThat(value).as(name).isEmpty();
            }
        });
    }

    @Test
    void secretsMustBeSet() {
        assertThat(COMPOSE.variables().filter(Variable::mustBeSet))
                .allSatisfy(variable -> assertThat(variable.rest()).isEqualTo("set " + variable.name() + " in .env"))
                .extracting(Variable::name)
                .containsOnly(
                        "POSTGRES_PASSWORD",
                        "MONGO_PASSWORD",
                        "REDIS_PASSWORD",
                        "KAFKA_KEYCLOAK_PASSWORD",
                        "KAFKA_RESOURCE_SERVER_PASSWORD",
                        "KEYCLOAK_ADMIN_PASSWORD",
                        "EMAIL_CODE_HASH_SECRET",
                        "PERCH_SERVICE_CLIENT_SECRET",
                        "CONSOLE_CLIENT_SECRET",
                        "ENCRYPTION_KEYSET");
    }

    @Test
    void inProductionTheHostNamesMustBeSet() {
        assertThat(PRODUCTION.variables().filter(Variable::mustBeSet))
                .allSatisfy(variable -> assertThat(variable.rest()).isEqualTo("set " + variable.name() + " in .env"))
                .extracting(Variable::name)
                .containsOnly("KEYCLOAK_HOST", "API_HOST", "CONSOLE_HOST", "FRONTEND_URL");
    }

    @Test
    void theFileHasNoSecret() {
        environments().forEach(entry -> {
            if (entry.getKey().matches(SECRET)) {
                assertThat(entry.getValue()).as(entry.getKey()).matches("\\$\\{\\w+:(-|\\?[^}]*)}");
            }
            assertThat(entry.getValue()).as(entry.getKey()).doesNotContainPattern("://[^/:@]*:(?!\\$\\{)[^/@]*@");
        });
        assertThat(COMPOSE.text()).doesNotContainPattern("requirepass (?!\\$\\$REDIS_PASSWORD)");
    }

    @Test
    void onlyTheContainersThatNeedASecretGetIt() {
        assertThat(usersOf("POSTGRES_PASSWORD")).containsExactlyInAnyOrder("postgres", "keycloak");
        assertThat(usersOf("MONGO_PASSWORD")).containsExactlyInAnyOrder("mongodb", "resource-server");
        assertThat(usersOf("REDIS_PASSWORD")).containsExactlyInAnyOrder("redis", "resource-server", "web-console");
        assertThat(usersOf("KAFKA_KEYCLOAK_PASSWORD")).containsExactlyInAnyOrder("kafka", "keycloak");
        assertThat(usersOf("KAFKA_RESOURCE_SERVER_PASSWORD")).containsExactlyInAnyOrder("kafka", "resource-server");
        assertThat(usersOf("ENCRYPTION_KEYSET")).containsExactly("resource-server");
        assertThat(usersOf("CONSOLE_CLIENT_SECRET")).containsExactlyInAnyOrder("keycloak", "web-console");
        assertThat(usersOf("EMAIL_CODE_HASH_SECRET")).containsExactly("keycloak");
        assertThat(usersOf("PERCH_SERVICE_CLIENT_SECRET")).containsExactly("keycloak");
        assertThat(usersOf("KEYCLOAK_ADMIN_PASSWORD")).containsExactly("keycloak");
    }

    @Test
    void theResourceServerReadsAllVariablesThatItGets() {
        Set<String> read =
                Project.matches(APPLICATION, "\\$\\{([A-Z][A-Z0-9_]*)").collect(toCollection(TreeSet::new));

        assertThat(COMPOSE.service("resource-server").map("environment").keySet())
                .allMatch(name -> read.contains(name) || name.matches(READ_BY_LIBRARIES));
    }

    /** Otherwise a variable in {@code .env} would have no effect, without an error. */
    @Test
    void everyVariableOfTheDocumentsIsSetOrPassedOn() {
        assertThat(COMPOSE.service("resource-server").map("environment").keySet())
                .containsAll(documented(REFERENCE)
                        // The file passes the keyset itself, and its Kafka has no TLS
                        .filter(name -> !name.equals("ENCRYPTION_KEYSET_FILE")
                                && !name.startsWith("SPRING_KAFKA_PROPERTIES_SSL_"))
                        .toList());
        assertThat(COMPOSE.service("web-console").map("environment").keySet())
                .containsAll(documented("web-console/README.md").toList());
    }

    @Test
    void theReferenceHasTheDefaultsOfTheCode() {
        Map<String, String> defaults = defaultsOfTheCode();
        Map<String, String> described = Project.text(REFERENCE)
                .lines()
                .map(CELLS::matcher)
                .filter(Matcher::matches)
                .collect(toMap(row -> row.group(1), row -> row.group(2)));

        assertThat(described.keySet()).containsAll(documented(REFERENCE).toList());
        described.forEach((name, text) -> {
            String value = defaults.getOrDefault(name, "");
            if (!value.isEmpty() && !value.startsWith("$")) {
                assertThat(text).as(name).isEqualTo("`" + value + "`");
            }
        });
        assertThat(defaults).containsEntry("PERCH_TASK_LEASE", "60s").containsEntry("LIVE_STREAMS", "10000");
    }

    /** The defaults in {@code application.yaml} and in the records with settings. */
    private static Map<String, String> defaultsOfTheCode() {
        Map<String, String> defaults = new TreeMap<>();
        Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*):([^}]*)}")
                .matcher(Project.text(APPLICATION))
                .results()
                .forEach(found -> defaults.put(found.group(1), found.group(2)));
        try (Stream<Path> files = Files.walk(Project.path("resource-server/src/main/java"))) {
            files.filter(file -> file.toString().endsWith("Properties.java"))
                    .map(file -> Project.text(Project.path("").relativize(file).toString()))
                    .forEach(source -> {
                        Matcher prefix = PREFIX.matcher(source);
                        if (prefix.find()) {
                            DEFAULT.matcher(source)
                                    .results()
                                    .forEach(found -> defaults.put(
                                            variable(prefix.group(1) + "." + found.group(2)), found.group(1)));
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return defaults;
    }

    /** The environment variable of a property: {@code PERCH_TASK_MAX_ATTEMPTS} for {@code perch.task.maxAttempts}. */
    private static String variable(String property) {
        return property.replaceAll("([a-z])([A-Z])", "$1_$2")
                .replaceAll("[.-]", "_")
                .toUpperCase(Locale.ROOT);
    }

    private static Stream<String> documented(String document) {
        return ROW.matcher(Project.text(document))
                .results()
                .flatMap(row -> Stream.of(row.group(1).split("[^A-Z0-9_]+")))
                .filter(name -> !name.isEmpty());
    }

    @Test
    void theResourceServersPortTopicAndDatabaseAreItsDefaults() {
        Service server = COMPOSE.service("resource-server");
        Map<String, String> defaults = Project.text(APPLICATION)
                .lines()
                .flatMap(line ->
                        line.contains("${") ? Stream.of(line.substring(line.indexOf("${") + 2)) : Stream.empty())
                .map(line -> line.replace("}", "").split(":", 2))
                .filter(parts -> parts.length == 2)
                .collect(toMap(parts -> parts[0], parts -> parts[1], (one, other) -> one));

        assertThat(Project.matches(APPLICATION, "^server:\\n  port: (\\d+)"))
                .containsExactly(server.environment("SERVER_PORT"));
        assertThat(defaults)
                .containsEntry("KAFKA_TOPIC_NAME", server.environment("KAFKA_TOPIC_NAME"))
                .containsEntry("DATABASE_NAME", server.environment("DATABASE_NAME"));
    }

    @Test
    void theIssuerIsThePublicAddressAndKeysAreFetchedInternally() {
        String realm = Project.matches(REALM, "^  \"realm\"\\s*:\\s*\"([^\"]+)\"")
                .findFirst()
                .orElseThrow();
        Service server = COMPOSE.service("resource-server");
        String issuer = COMPOSE.service("keycloak").environment("KC_HOSTNAME") + "/realms/" + realm;

        assertThat(server.environment("KEYCLOAK_ISSUER_URI")).isEqualTo(issuer);
        assertThat(server.environment("KEYCLOAK_JWKS_URI"))
                .isEqualTo("http://keycloak:8080/realms/" + realm + "/protocol/openid-connect/certs");
    }

    @Test
    void everyPlaceholderOfTheRealmIsSet() {
        assertThat(COMPOSE.service("keycloak").map("environment").keySet())
                .containsAll(
                        Project.matches(REALM, "\\$\\{([A-Z][A-Z0-9_]*)[:}]").toList());
    }

    @Test
    void keycloakGetsNoUnusedVariable() {
        Set<String> placeholders =
                Project.matches(REALM, "\\$\\{([A-Z][A-Z0-9_]*)[:}]").collect(toCollection(TreeSet::new));

        assertThat(COMPOSE.service("keycloak").map("environment").keySet())
                .allMatch(name -> name.startsWith("KC_") || placeholders.contains(name));
    }

    private static Stream<Variable> variables() {
        return Stream.concat(COMPOSE.variables(), PRODUCTION.variables());
    }

    private static Stream<Map.Entry<String, String>> environments() {
        return COMPOSE.services().values().stream()
                .flatMap(service -> service.map("environment").entrySet().stream())
                .map(entry -> Map.entry(entry.getKey(), String.valueOf(entry.getValue())));
    }

    private static Stream<String> usersOf(String variable) {
        return COMPOSE.services().values().stream()
                .filter(service -> ComposeFile.variablesIn(Objects.toString(service.definition()))
                        .anyMatch(used -> used.name().equals(variable)))
                .map(Service::name);
    }
}
