package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import de.bwaldvogel.mongo.MongoServer;
import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** The answers while the database is unavailable. */
@ResourceServerTest
@DirtiesContext
@TestPropertySource(properties = TestServices.OWN_SERVER + "=DatabaseOutageTest")
class DatabaseOutageTest {

    private final Api api;
    private final MongoServer mongo;

    @Autowired
    DatabaseOutageTest(Api api, MongoServer mongo) {
        this.api = api;
        this.mongo = mongo;
    }

    @Test
    void aLoginIsRefusedWithRetryAfter() {
        Caller user = api.asNewUser();
        Caller moderator = api.asNewUser("user", "moderator");
        user.awaitFinal(user.submit("before"));

        mongo.shutdownNow();

        Answer refused = user.post("/twitter-login", Api.login("after")).isProblem(503, "service-unavailable");
        assertThat(refused.header("Retry-After")).isEqualTo("5");
        assertThat(api.withToken(null).get("/health").status()).isEqualTo(503);
        assertThat(api.withToken(null).get("/health/liveness").status()).isEqualTo(200);

        // One query waits for the database. Prometheus ends its request after ten seconds
        Answer metrics = assertTimeout(Duration.ofSeconds(10), () -> moderator.get("/metrics"));
        assertThat(metrics.raw().body()).containsPattern("perch_tasks_oldest_due_seconds\\{.*} NaN");
    }
}
