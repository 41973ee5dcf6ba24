package io.perch.systemtests.monitoring;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.Project;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

/** The rules and dashboards, compared with the documents and with each other. */
class MonitoringFilesTest {

    @SuppressWarnings("unused") // By the tests' @FieldSource
    private static final Iterable<String> DASHBOARDS = MonitoringFiles.DASHBOARDS;

    @Test
    void everyMetricOfTheRulesIsInTheReference() {
        assertThat(MonitoringFiles.metricsOfRules()).isNotEmpty().allSatisfy(MonitoringFilesTest::isDescribed);
    }

    @ParameterizedTest
    @FieldSource("DASHBOARDS")
    void everyMetricOfADashboardIsInTheReference(String dashboard) {
        assertThat(MonitoringFiles.metricsOfDashboard(dashboard))
                .isNotEmpty()
                .allSatisfy(MonitoringFilesTest::isDescribed);
    }

    @Test
    void everyAlertHasASeverityADescriptionAndALinkToTheGuide() {
        assertThat(MonitoringFiles.alerts()).isNotEmpty().allSatisfy(alert -> {
            String name = alert.path("alert").asString();
            assertThat(name).startsWith("Perch");
            assertThat(alert.path("labels").path("severity").asString())
                    .as(name)
                    .isIn("critical", "warning");
            JsonNode annotations = alert.path("annotations");
            assertThat(annotations.path("summary").asString()).as(name).isNotBlank();
            assertThat(annotations.path("description").asString()).as(name).isNotBlank();
            assertThat(annotations.path("runbook").asString())
                    .isEqualTo(MonitoringFiles.GUIDE + "#" + name.toLowerCase(Locale.ROOT));
        });
    }

    @Test
    void everyAlertHasASectionInTheGuideAndEverySectionAnAlert() {
        assertThat(Project.matches(MonitoringFiles.GUIDE, "^### (Perch\\w+)$"))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(names());
    }

    @Test
    void everyAlertHasATestThatFiresAndOneThatStaysSilent() {
        Set<String> fire = new TreeSet<>();
        Set<String> stayed = new TreeSet<>();
        MonitoringFiles.yaml(MonitoringFiles.RULES_TEST)
                .path("tests")
                .valueStream()
                .flatMap(test -> test.path("alert_rule_test").valueStream())
                .forEach(test -> (test.path("exp_alerts").isEmpty() ? stayed : fire)
                        .add(test.path("alertname").asString()));

        assertThat(fire).isEqualTo(names());
        assertThat(stayed).isEqualTo(names());
    }

    @ParameterizedTest
    @FieldSource("DASHBOARDS")
    void everyPanelHasATitleADescriptionAndAUnitAndReadsTheChosenDatasource(String dashboard) {
        JsonNode variable = MonitoringFiles.dashboard(dashboard)
                .path("templating")
                .path("list")
                .path(0);
        assertThat(variable.path("name").asString()).isEqualTo("datasource");
        assertThat(variable.path("type").asString()).isEqualTo("datasource");
        assertThat(MonitoringFiles.panels(dashboard)).isNotEmpty().allSatisfy(panel -> {
            String title = panel.path("title").asString();
            assertThat(title).isNotBlank();
            assertThat(panel.path("description").asString()).as(title).isNotBlank();
            assertThat(panel.path("fieldConfig").path("defaults").path("unit").asString())
                    .as(title)
                    .isNotBlank();
            assertThat(panel.path("datasource").path("uid").asString())
                    .as(title)
                    .isEqualTo("${datasource}");
            assertThat(panel.path("targets").valueStream()).as(title).isNotEmpty();
        });
    }

    @ParameterizedTest
    @FieldSource("DASHBOARDS")
    void noTwoPanelsOverlap(String dashboard) {
        Map<String, String> owners = new TreeMap<>();
        MonitoringFiles.dashboard(dashboard).path("panels").valueStream().forEach(panel -> {
            JsonNode place = panel.path("gridPos");
            int left = place.path("x").asInt();
            int top = place.path("y").asInt();
            for (int x = left; x < left + place.path("w").asInt(); x++) {
                assertThat(x).isLessThan(24);
                for (int y = top; y < top + place.path("h").asInt(); y++) {
                    assertThat(owners.put(x + "," + y, panel.path("title").asString()))
                            .as(panel.path("title").asString())
                            .isNull();
                }
            }
        });
    }

    private static Set<String> names() {
        return MonitoringFiles.alerts()
                .map(alert -> alert.path("alert").asString())
                .collect(toCollection(TreeSet::new));
    }

    private static void isDescribed(String metric) {
        assertThat(described()).containsAnyOf(metric, PromQl.family(metric));
    }

    /** The outbox has its metrics beside its other documentation. */
    private static Set<String> described() {
        return Stream.of("docs/reference/metrics.md", "docs/user-events.md")
                .flatMap(page -> Project.matches(page, "`([a-z]\\w+)[`{]"))
                .collect(toCollection(TreeSet::new));
    }
}
