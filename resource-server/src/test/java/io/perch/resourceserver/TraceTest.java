package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.perch.resourceserver.Api.Caller;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** A request's trace (W3C Trace Context) continues in its login. */
@ResourceServerTest
class TraceTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final Api api;

    @Autowired
    TraceTest(Api api) {
        this.api = api;
    }

    @Test
    void aTraceContinuesThroughKafkaInTheLogin(@Value("${KAFKA_BROKER_URL}") String broker) {
        Logger runner = (Logger) LoggerFactory.getLogger("io.perch.resourceserver.pipeline.LoginRunner");
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        runner.addAppender(logged);
        runner.setLevel(Level.DEBUG);
        try {
            Caller user = api.asNewUser();
            // After this task has ended, the listeners have started
            user.awaitFinal(user.submit("first"));
            // The poll can claim a task before its record arrives. Then the login has no trace
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertTraced(broker, user, logged.list));
        } finally {
            runner.detachAppender(logged);
            runner.setLevel(null);
        }
    }

    private static void assertTraced(String broker, Caller user, List<ILoggingEvent> logged) {
        var request = user.request("/twitter-login")
                .header("Content-Type", "application/json")
                .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                .POST(BodyPublishers.ofString(Api.login("traced")));

        String taskId = user.send(request).body().path("task_id").asString();
        user.awaitFinal(taskId);

        assertThat(traces(broker, "twitter_login_requests", taskId)).containsOnly(TRACE);
        assertThat(List.copyOf(logged))
                .filteredOn(event -> event.getFormattedMessage().contains(taskId))
                .extracting(event -> event.getMDCPropertyMap().get("traceId"))
                .containsExactly(TRACE);
    }

    private static List<String> traces(String broker, String topic, String taskId) {
        return KafkaRecords.all(broker, topic).stream()
                .filter(record -> record.value().contains(taskId))
                .map(TraceTest::traceOf)
                .toList();
    }

    private static String traceOf(ConsumerRecord<String, String> record) {
        byte[] parent = Objects.requireNonNull(record.headers().lastHeader("traceparent"))
                .value();
        return new String(parent, StandardCharsets.US_ASCII).split("-", -1)[1];
    }
}
