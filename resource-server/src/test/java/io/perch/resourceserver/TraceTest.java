package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Caller;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** A request's trace (W3C Trace Context) goes on wherever its login goes. */
@ResourceServerTest
class TraceTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final Api api;

    @Autowired
    TraceTest(Api api) {
        this.api = api;
    }

    @Test
    void aTraceGoesThroughKafkaToTheLoginAndItsNews(@Value("${KAFKA_BROKER_URL}") String broker) {
        Caller user = api.asNewUser();
        // The listeners are up when this one has ended.
        user.awaitFinal(user.submit("first"));
        var request = user.request("/twitter-login")
                .header("Content-Type", "application/json")
                .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                .POST(BodyPublishers.ofString(Api.login("traced")));

        String taskId = user.send(request).body().path("task_id").asString();
        user.awaitFinal(taskId);

        assertThat(traces(broker, "twitter_login_requests", taskId)).containsOnly(TRACE);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(traces(broker, "task-events", taskId))
                .hasSize(3)
                .containsOnly(TRACE));
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
