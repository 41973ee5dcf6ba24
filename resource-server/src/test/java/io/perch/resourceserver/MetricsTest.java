package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Caller;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** That the metrics have the names that the documentation gives them. */
@ResourceServerTest
class MetricsTest {

    private final Api api;

    @Autowired
    MetricsTest(Api api) {
        this.api = api;
    }

    @Test
    void everyMetricIsThereByItsName() {
        Caller user = api.asNewUser();
        user.awaitFinal(user.submit("measured"));

        String metrics =
                api.asNewUser("user", "moderator").get("/metrics").raw().body();

        assertThat(metrics)
                .contains(
                        "perch_tasks_open{",
                        "perch_tasks_oldest_due_seconds{",
                        "perch_tasks_changes_total{",
                        "perch_pipeline_records_total{",
                        "perch_pipeline_sweeps_total{",
                        "perch_pipeline_swept_total{",
                        "perch_pipeline_login_seconds_count{",
                        "perch_pipeline_logins_running{",
                        "perch_pipeline_logins_limit{",
                        "perch_ratelimit_refused_total{");
    }
}
