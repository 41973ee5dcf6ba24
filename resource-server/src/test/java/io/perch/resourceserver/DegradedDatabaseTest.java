package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import io.perch.resourceserver.mongo.MongoProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

/** A database that executes some commands and not others, or without a majority of its members. */
@ResourceServerTest
@TestInstance(Lifecycle.PER_CLASS)
class DegradedDatabaseTest {

    private static final int CONNECTIONS = 3;
    private static final int REQUESTS = 12;

    private final Environment environment;
    private final AuthorizationServer authorizationServer;
    private final NewLogins atFirst;
    private MongoProxy proxy;
    private SecondInstance second;

    @Autowired
    DegradedDatabaseTest(Environment environment, AuthorizationServer authorizationServer, ApplicationContext context) {
        this.environment = environment;
        this.authorizationServer = authorizationServer;
        this.atFirst = NewLogins.of(context);
    }

    @BeforeAll
    void start() throws IOException {
        URI database = URI.create(environment.getRequiredProperty("MONGO_URI"));
        atFirst.stop();
        proxy = new MongoProxy(new InetSocketAddress(InetAddress.getByName(database.getHost()), database.getPort()));
        second = SecondInstance.start(
                environment,
                authorizationServer,
                "MONGO_URI=mongodb://127.0.0.1:" + proxy.port(),
                "perch.mongo.timeout=2s",
                "perch.mongo.connections=" + CONNECTIONS,
                "perch.simulator.slow-latency=1s");
    }

    @AfterAll
    void stop() throws IOException {
        proxy.repair();
        second.close();
        proxy.close();
        atFirst.start();
    }

    @Test
    void aTaskIsAcceptedWithoutARead() {
        Caller user = second.api().asNewUser();
        proxy.hold("find");
        Answer answer;
        try {
            answer = user.post("/twitter-login", Api.login("no_read"));
        } finally {
            proxy.repair();
        }

        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
        assertThat(user.awaitFinal(answer.body().path("task_id").asString())
                        .path("status")
                        .asString())
                .isEqualTo("success");
    }

    @Test
    void anInsertWithoutAMajorityIsRepeated() {
        Caller user = second.api().asNewUser();
        proxy.missMajority("insert");
        Answer answer = user.post("/twitter-login", Api.login("no_majority"));

        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
        user.awaitFinal(answer.body().path("task_id").asString());
        assertThat(user.get("/tasks").body().path("items")).hasSize(1);
    }

    @Test
    void aResultWithoutAMajorityIsWrittenAgain() {
        Caller user = second.api().asNewUser();
        String taskId = user.submit("slow_majority");
        user.awaitStatus(taskId, "running");
        await().until(() -> second.runningLogins() == 1);
        proxy.missMajority("update");

        JsonNode task = user.awaitFinal(taskId);

        assertThat(task.path("status").asString()).isEqualTo("success");
        assertThat(task.path("attempts").asInt()).isEqualTo(1);
        assertThat(task.path("history")).hasSize(3);
        assertThat(user.get("/twitter-accounts")
                        .body()
                        .path("items")
                        .path(0)
                        .path("last_status")
                        .asString())
                .isEqualTo("success");
        // The account is free for its next login, which need not wait for the end of a lease
        user.awaitFinal(user.submit("slow_majority"));
    }

    @Test
    void aRequestWaitsForAConnectionNoLongerThanTheTimeout() throws Exception {
        Caller user = second.api().asNewUser();
        ExecutorService callers = Executors.newFixedThreadPool(REQUESTS);
        proxy.hold();
        try {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                answers.add(callers.submit(() -> user.get("/tasks")));
            }
            for (Future<Answer> answer : answers) {
                answer.get(8, TimeUnit.SECONDS).isProblem(503, "service-unavailable");
            }
        } finally {
            proxy.repair();
            callers.shutdown();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> user.get("/tasks").status() == 200);
    }
}
