package io.perch.systemtests.monitoring;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Http;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.PerchRealm;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The running servers have the metrics that the rules and dashboards read. */
@PerchSystemTest
class MonitoringIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern SERIES = Pattern.compile("(?m)^([a-zA-Z_:][\\w:]*)[{ ]");

    private final Http http = new Http();
    private final PerchSystem system;
    private final PerchRealm realm;

    @AutoClose
    private final KeycloakAdmin admin;

    MonitoringIT(PerchSystem system) {
        this.system = system;
        this.realm = new PerchRealm(system);
        this.admin = new KeycloakAdmin(system);
    }

    /** Some counters first appear with their first event. */
    @BeforeEach
    void runTwoLogins() {
        PerchApi api = PerchApi.as(system, admin.createUser());
        api.awaitFinal(api.submit("perch_demo", "any-password"));
        api.awaitFinal(api.submit("wrong_demo", "any-password"));
    }

    @Test
    void theResourceServerHasWhatItsDashboardShows() {
        hasAll(this::ofResourceServer, MonitoringFiles.metricsOfDashboard("resource-server.json"));
    }

    @Test
    void keycloakHasWhatItsDashboardShows() {
        needsTheManagementPort();

        hasAll(this::ofKeycloak, MonitoringFiles.metricsOfDashboard("keycloak.json"));
    }

    @Test
    void theServersHaveWhatTheAlertsRead() {
        needsTheManagementPort();

        hasAll(
                () -> {
                    Set<String> all = new TreeSet<>(ofResourceServer());
                    all.addAll(ofKeycloak());
                    return all;
                },
                MonitoringFiles.metricsOfRules());
    }

    private static void hasAll(Supplier<Set<String>> server, Set<String> metrics) {
        await().atMost(LIMIT).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> assertThat(server.get())
                .containsAll(metrics));
    }

    private void needsTheManagementPort() {
        assumeTrue(
                system.keycloakManagement().isPresent(),
                "Keycloak's management port cannot be reached; PERCH_KEYCLOAK_MANAGEMENT_URL names it");
    }

    /** As Prometheus does, with a token of the client that may read the metrics. */
    private Set<String> ofResourceServer() {
        Answer token = realm.clientCredentials("perch-service", admin.secretOf("perch-service"), "metrics");
        return series(PerchApi.withToken(system, token.field("access_token")).get("/metrics"));
    }

    private Set<String> ofKeycloak() {
        return series(http.get(URI.create(system.keycloakManagement().orElseThrow() + "/metrics"), Map.of()));
    }

    private static Set<String> series(Answer metrics) {
        assertThat(metrics.status()).isEqualTo(200);
        return SERIES.matcher(metrics.body())
                .results()
                .map(series -> series.group(1))
                .collect(toCollection(TreeSet::new));
    }
}
