package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.perch.resourceserver.Api.Caller;
import io.perch.resourceserver.mongo.MongoProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

/** An instance whose database commands hang. */
@ResourceServerTest
class HangingDatabaseTest {

    private static final Duration LEASE = Duration.ofSeconds(6);

    private final Api api;
    private final Environment environment;
    private final AuthorizationServer authorizationServer;
    private final NewLogins atFirst;

    @Autowired
    HangingDatabaseTest(
            Api api, Environment environment, AuthorizationServer authorizationServer, ApplicationContext context) {
        this.api = api;
        this.environment = environment;
        this.authorizationServer = authorizationServer;
        this.atFirst = NewLogins.of(context);
    }

    /** The stop must not wait for the database, because the database does not respond. */
    @Test
    void anInstanceStopsItsLoginsBeforeAnotherTakesThemOver() throws Exception {
        Logger runner = (Logger) LoggerFactory.getLogger("io.perch.resourceserver.pipeline.LoginRunner");
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        URI mongo = URI.create(environment.getRequiredProperty("MONGO_URI"));
        atFirst.stop();
        try (MongoProxy proxy =
                        new MongoProxy(new InetSocketAddress(InetAddress.getByName(mongo.getHost()), mongo.getPort()));
                SecondInstance second = SecondInstance.start(
                        environment,
                        authorizationServer,
                        "MONGO_URI=mongodb://127.0.0.1:" + proxy.port(),
                        "perch.task.lease=" + LEASE.toSeconds() + "s",
                        "perch.mongo.timeout=30s",
                        "perch.simulator.slow-latency=60s",
                        "perch.pipeline.drain-timeout=1s")) {
            // The start of an instance resets the logging
            runner.addAppender(logged);
            runner.setLevel(Level.INFO);
            Caller atSecond = second.api().asNewUser();
            Caller user = api.as(atSecond);
            String taskId = atSecond.submit("slow_hang");
            user.awaitStatus(taskId, "running");
            // The state is stored before the instance has the answer to its claim
            await().until(() -> second.runningLogins() == 1);

            proxy.hold();
            atFirst.start();

            JsonNode task = user.awaitFinal(taskId);
            assertThat(task.path("status").asString()).isEqualTo("success");
            assertThat(task.path("attempts").asInt()).isEqualTo(2);
            Instant takenOver =
                    Instant.parse(task.path("history").get(2).path("at").asString());
            await().atMost(LEASE).until(() -> !stops(logged, taskId).isEmpty());
            assertThat(stops(logged, taskId)).singleElement().satisfies(stopped -> assertThat(stopped)
                    .isBefore(takenOver));
            proxy.repair();
        } finally {
            runner.detachAppender(logged);
            runner.setLevel(null);
        }
    }

    private static List<Instant> stops(ListAppender<ILoggingEvent> logged, String taskId) {
        return List.copyOf(logged.list).stream()
                .filter(event -> event.getFormattedMessage().contains(taskId + " attempt=1 stopped"))
                .map(ILoggingEvent::getInstant)
                .toList();
    }
}
