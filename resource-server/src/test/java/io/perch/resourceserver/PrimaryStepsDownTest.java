package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import io.perch.resourceserver.mongo.MongoProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.data.mongodb.core.MongoOperations;

/** Errors while a database changes its primary, and instances of an earlier version. */
@ResourceServerTest
class PrimaryStepsDownTest {

    /** Interrupted by a step-down, primary stepped down, shutting down, write concern failed. */
    private static final int[] CODES = {11602, 189, 91, 64};

    private static final int EACH = 2;

    private final Api api;
    private final MongoOperations mongo;
    private final Environment environment;
    private final AuthorizationServer authorizationServer;
    private final NewLogins atFirst;

    @Autowired
    PrimaryStepsDownTest(
            Api api,
            MongoOperations mongo,
            Environment environment,
            AuthorizationServer authorizationServer,
            ApplicationContext context) {
        this.api = api;
        this.mongo = mongo;
        this.environment = environment;
        this.authorizationServer = authorizationServer;
        this.atFirst = NewLogins.of(context);
    }

    @Test
    void tasksAcceptedDuringAStepDownAreRunAndErrorsAre503() throws Exception {
        URI database = URI.create(environment.getRequiredProperty("MONGO_URI"));
        atFirst.stop();
        try (MongoProxy proxy = new MongoProxy(
                        new InetSocketAddress(InetAddress.getByName(database.getHost()), database.getPort()));
                SecondInstance second = SecondInstance.start(
                        environment,
                        authorizationServer,
                        "MONGO_URI=mongodb://127.0.0.1:" + proxy.port(),
                        "perch.task.lease=6s",
                        "perch.mongo.index-retry=500ms",
                        "perch.task.retry-delay=100ms",
                        "perch.pipeline.poll-interval=300ms")) {
            List<Caller> users = new ArrayList<>();
            List<String> tasks = new ArrayList<>();
            for (int code : CODES) {
                for (int i = 0; i < EACH; i++) {
                    Caller user = second.api().asNewUser();
                    proxy.failNext(code);
                    Answer answer = user.post("/twitter-login", Api.login("steps_down"));
                    assertThat(answer.status()).isIn(202, 503);
                    if (answer.status() == 202) {
                        users.add(api.as(user));
                        tasks.add(answer.body().path("task_id").asString());
                    }
                }
            }
            proxy.repair();
            assertThat(tasks).isNotEmpty();
            for (int i = 0; i < tasks.size(); i++) {
                assertThat(users.get(i).awaitFinal(tasks.get(i)).path("status").asString())
                        .isEqualTo("success");
            }
        } finally {
            atFirst.start();
        }
    }

    /** An earlier version has no slots. No task may be claimed while it still runs logins. */
    @Test
    void noTaskIsClaimedWhileAnEarlierVersionHoldsAnAccount() {
        Date until = Date.from(Instant.now().plus(Duration.ofMinutes(10)));
        atFirst.stop();
        mongo.getCollection("account_leases").insertOne(new Document("_id", "an-account").append("until", until));
        try (SecondInstance second =
                SecondInstance.start(environment, authorizationServer, "perch.pipeline.poll-interval=200ms")) {
            Caller user = second.api().asNewUser();
            String task = user.submit("upgraded");
            await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(10)).until(() -> user.get("/tasks/" + task)
                    .body()
                    .path("status")
                    .asString()
                    .equals("pending"));

            mongo.getCollection("account_leases").deleteOne(new Document("_id", "an-account"));

            assertThat(user.awaitFinal(task).path("status").asString()).isEqualTo("success");
        } finally {
            mongo.getCollection("account_leases").deleteMany(new Document());
            atFirst.start();
        }
    }
}
