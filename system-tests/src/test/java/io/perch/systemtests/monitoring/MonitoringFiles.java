package io.perch.systemtests.monitoring;

import static java.util.stream.Collectors.toCollection;

import io.perch.systemtests.Project;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The rules and dashboards as they are written. */
final class MonitoringFiles {

    static final String GUIDE = "docs/operations/monitoring.md";
    static final String FOLDER = "docs/operations/monitoring/";
    static final String RULES = "alerts.yml";
    static final String RULES_TEST = "alerts-test.yml";
    static final String SCRAPING = "prometheus.yml";
    static final List<String> DASHBOARDS = List.of("resource-server.json", "keycloak.json");

    /** Prometheus makes these series for each target itself. */
    private static final Set<String> OF_PROMETHEUS = Set.of("up");

    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), *\\w+\\)");
    private static final JsonMapper JSON = new JsonMapper();

    private MonitoringFiles() {}

    /** A dashboard as JSON. */
    static JsonNode dashboard(String name) {
        return JSON.readTree(Project.text(FOLDER + name));
    }

    /** A YAML file as JSON. A key that stands twice is an error. */
    static JsonNode yaml(String name) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return JSON.valueToTree(new Yaml(new SafeConstructor(options)).load(Project.text(FOLDER + name)));
    }

    static Stream<JsonNode> rules() {
        return yaml(RULES).path("groups").valueStream().flatMap(group -> group.path("rules")
                .valueStream());
    }

    static Stream<JsonNode> alerts() {
        return rules().filter(rule -> rule.has("alert"));
    }

    /** The panels of a dashboard that show something. */
    static Stream<JsonNode> panels(String dashboard) {
        return dashboard(dashboard).path("panels").valueStream().filter(panel -> !panel.path("type")
                .asString()
                .equals("row"));
    }

    /** The names of the series that the rules themselves make. */
    static Set<String> recorded() {
        return rules().filter(rule -> rule.has("record"))
                .map(rule -> rule.path("record").asString())
                .collect(toCollection(TreeSet::new));
    }

    /** The metrics of the servers that the rules read. */
    static Set<String> metricsOfRules() {
        return ofServers(rules().map(rule -> rule.path("expr").asString()));
    }

    /** The metrics of the servers that a dashboard reads. */
    static Set<String> metricsOfDashboard(String dashboard) {
        Stream<String> queries = panels(dashboard)
                .flatMap(panel -> panel.path("targets").valueStream())
                .map(target -> target.path("expr").asString());
        Stream<String> variables = dashboard(dashboard)
                .path("templating")
                .path("list")
                .valueStream()
                .filter(variable -> variable.path("type").asString().equals("query"))
                .flatMap(variable -> LABEL_VALUES
                        .matcher(variable.path("query").asString())
                        .results()
                        .map(match -> match.group(1)));
        return ofServers(Stream.concat(queries, variables));
    }

    private static Set<String> ofServers(Stream<String> expressions) {
        Set<String> recorded = recorded();
        return expressions
                .flatMap(expression -> PromQl.metrics(expression).stream())
                .filter(metric -> !OF_PROMETHEUS.contains(metric) && !recorded.contains(metric))
                .collect(toCollection(TreeSet::new));
    }
}
