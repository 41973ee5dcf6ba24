package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.core.KafkaTemplate;

/** The metrics have the names in the documentation. */
@ResourceServerTest
class MetricsTest {

    /** W3C Trace Context: the last flag says that the trace is exported. */
    private static final String SAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final Api api;
    private final KeycloakEvents keycloak;

    @Autowired
    MetricsTest(Api api, KafkaTemplate<String, byte[]> kafka) {
        this.api = api;
        this.keycloak = new KeycloakEvents(kafka);
    }

    @Test
    void allMetricsExistAndAreDocumented() {
        Caller user = api.asNewUser();
        keycloak.send(keycloak.event("logged_in", user.subject()));
        user.awaitFinal(user.submit("measured"));

        Caller moderator = api.asNewUser("user", "moderator");
        String metrics = await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> moderator.get("/metrics").raw().body(),
                        read -> read.contains("perch_users_events_total{"));

        assertThat(metrics)
                .contains(
                        "perch_tasks_open{",
                        "perch_tasks_oldest_due_seconds{",
                        "perch_tasks_changes_total{",
                        "perch_pipeline_records_total{",
                        "perch_tasks_duration_seconds_bucket{",
                        "perch_tasks_submissions{",
                        "perch_tasks_refused_total{",
                        "perch_tasks_old{",
                        "perch_pipeline_polls_total{",
                        "perch_pipeline_polled_total{",
                        "perch_pipeline_claim_size_count{",
                        "perch_pipeline_write_size_count{",
                        "perch_pipeline_room{",
                        "perch_pipeline_login_seconds_count{",
                        "perch_pipeline_logins_running{",
                        "perch_pipeline_logins_limit{",
                        "perch_audit_waiting{",
                        "perch_audit_lost_total{",
                        "perch_security_revocations{",
                        "perch_security_revocations_unsaved{",
                        "perch_security_tokens_refused_total{",
                        "perch_security_revocation_delay_seconds_count{",
                        "perch_security_events_lag{",
                        "perch_security_events_silence_seconds{",
                        "perch_ratelimit_refused_total{");
        assertThat(described()).containsAll(families(metrics));
    }

    @Test
    void tracesAreNamedOnlyWhereOpenMetricsAllowsIt() {
        Caller user = api.asNewUser();
        Answer accepted = user.send(user.request("/twitter-login")
                .header("Content-Type", "application/json")
                .header("traceparent", SAMPLED)
                .POST(BodyPublishers.ofString(Api.login("traced"))));
        user.awaitFinal(accepted.body().path("task_id").asString());

        Caller moderator = api.asNewUser("user", "moderator");
        String metrics = moderator
                .send(moderator.request("/metrics").header("Accept", "application/openmetrics-text;version=1.0.0"))
                .raw()
                .body();

        assertThat(metrics.lines().filter(line -> line.contains(" # {")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).matches("\\w+_(bucket|total)\\{.*"));
    }

    /** The names of this server's own metrics. The {@code _max} series of a timer counts as the timer. */
    private static Set<String> families(String metrics) {
        return Pattern.compile("(?m)^# TYPE (perch_\\w+?)(_max)? ")
                .matcher(metrics)
                .results()
                .map(family -> family.group(1))
                .collect(Collectors.toSet());
    }

    private static Set<String> described() {
        try {
            String document = Files.readString(Path.of("../docs/reference/metrics.md"));
            int start = document.indexOf("## Resource server");
            return Pattern.compile("`(perch_\\w+)")
                    .matcher(document.substring(start, document.indexOf("\n## ", start + 1)))
                    .results()
                    .map(metric -> metric.group(1))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
