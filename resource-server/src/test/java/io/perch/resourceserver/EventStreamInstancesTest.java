package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Caller;
import io.perch.resourceserver.EventClient.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * Two instances: a task changes at one, and the client reads events at the other. When that one stops, the client
 * connects to the first.
 */
@ResourceServerTest
@Timeout(120)
class EventStreamInstancesTest {

    private static final String ALL = "/tasks/events";
    private static final int STREAMS = 3;
    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    private final Api first;
    private final Environment environment;
    private final AuthorizationServer authorizationServer;
    private final KafkaTemplate<String, byte[]> kafka;
    private final MongoOperations mongo;

    @Autowired
    EventStreamInstancesTest(
            Api api,
            Environment environment,
            AuthorizationServer authorizationServer,
            KafkaTemplate<String, byte[]> kafka,
            MongoOperations mongo) {
        this.first = api;
        this.environment = environment;
        this.authorizationServer = authorizationServer;
        this.kafka = kafka;
        this.mongo = mongo;
    }

    @Test
    void aClientReadsEventsOfAnotherInstanceAndReconnectsAfterAStop() {
        Caller atFirst = first.asNewUser();
        List<EventClient> open = new ArrayList<>();
        String id;
        Instant stopped;
        try (SecondInstance second =
                SecondInstance.start(environment, authorizationServer, "perch.live.streams=" + STREAMS)) {
            Caller atSecond = second.api().as(atFirst);
            EventClient stream = EventClient.open(atSecond, ALL);
            open.add(stream);
            second.runNoLogins();
            awaitEventsAt(stream, atSecond);
            String task = atFirst.submit("elsewhere");
            List<Event> seen = stream.until(task, "success");
            assertThat(seen)
                    .filteredOn(event -> event.taskId().equals(task))
                    .extracting(Event::status)
                    // A newer state may overtake an older one, which is then left out
                    .isSubsetOf("pending", "running", "success")
                    .doesNotHaveDuplicates()
                    .endsWith("success");
            id = seen.get(seen.size() - 1).id();

            for (int i = 1; i < STREAMS; i++) {
                open.add(EventClient.open(atSecond, ALL));
            }
            var refused = atSecond.get(ALL).isProblem(503, "service-unavailable");
            assertThat(refused.header("Retry-After")).matches("[1-9][0-9]*");

            stopped = Instant.now();
        }
        assertThat(Duration.between(stopped, Instant.now())).isLessThan(AT_ONCE);
        open.forEach(EventClient::awaitEnd);

        String missed = atFirst.submit("missed");
        atFirst.awaitFinal(missed);
        try (EventClient stream = EventClient.open(atFirst, ALL, id)) {
            assertThat(stream.next().taskId()).isEqualTo(missed);
        }
    }

    // An instance receives events only after Kafka has assigned its partitions
    private void awaitEventsAt(EventClient stream, Caller user) {
        AtomicInteger version = new AtomicInteger();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            int next = version.incrementAndGet();
            String task = "made-up-" + user.subject();
            mongo.save(TaskFixtures.document(user.subject(), task, next), "task_statuses");
            kafka.send("task-events", TaskFixtures.event(user.subject(), task, next))
                    .join();
            return !stream.rest().isEmpty();
        });
    }
}
