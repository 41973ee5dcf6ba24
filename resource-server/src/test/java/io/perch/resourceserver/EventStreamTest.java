package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Caller;
import io.perch.resourceserver.EventClient.Event;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.BasicQuery;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.kafka.core.KafkaTemplate;

/** Events of tasks. */
@ResourceServerTest
@Timeout(120)
class EventStreamTest {

    private static final String ALL = "/tasks/events";

    private final Api api;
    private final MongoOperations mongo;
    private final KafkaTemplate<String, byte[]> kafka;
    private final ApplicationEventPublisher events;

    @Autowired
    EventStreamTest(
            Api api, MongoOperations mongo, KafkaTemplate<String, byte[]> kafka, ApplicationEventPublisher events) {
        this.api = api;
        this.mongo = mongo;
        this.kafka = kafka;
        this.events = events;
    }

    @Test
    void aStreamSendsTheTasksAndThenEachChangeInOrder() {
        Caller user = api.asNewUser();
        String old = user.submit("before");
        var settled = user.awaitFinal(old);

        try (EventClient stream = EventClient.open(user, ALL)) {
            Event first = stream.next();
            String task = user.submit("during");
            List<Event> changes = stream.until(task, "success");

            assertThat(first.task()).isEqualTo(settled);
            assertThat(first.name()).isEqualTo("task");
            assertThat(changes).extracting(Event::taskId).containsOnly(task);
            assertThat(changes).extracting(Event::status).containsExactly("pending", "running", "success");
            assertThat(changes).extracting(Event::id).doesNotHaveDuplicates().doesNotContain("");
            assertThat(changes.get(2).task())
                    .isEqualTo(user.get("/tasks/" + task).body());
            assertThat(stream.retryMillis()).isBetween(2_000, 5_000);
            assertThat(stream.headers().allValues("Content-Type")).containsExactly("text/event-stream");
            assertThat(stream.headers().allValues("Cache-Control")).containsExactly("no-store, no-transform");
            assertThat(stream.headers().allValues("X-Accel-Buffering")).containsExactly("no");
        }
    }

    @Test
    void theSnapshotComesInTheOrderOfTheLastChange() {
        Caller user = api.asNewUser();
        String first = user.submit("challenge_a");
        String second = user.submit("second");
        user.awaitFinal(second);
        try (EventClient stream = EventClient.open(user, "/tasks/" + first + "/events")) {
            stream.until(first, "challenge_required");
            assertThat(user.delete("/tasks/" + first).status()).isEqualTo(204);
            stream.until(first, "cancelled");
        }

        try (EventClient stream = EventClient.open(user, ALL)) {
            assertThat(List.of(stream.next(), stream.next()))
                    .extracting(Event::taskId)
                    .containsExactly(second, first);
        }
    }

    @Test
    void aReconnectedClientGetsMissedEventsOnce() {
        Caller user = api.asNewUser();
        String id;
        String known = user.submit("known");
        String missedInPart;
        try (EventClient stream = EventClient.open(user, ALL)) {
            stream.until(known, "success");
            missedInPart = user.submit("slow_one");
            List<Event> seen = stream.until(missedInPart, "running");
            id = seen.get(seen.size() - 1).id();
        }
        user.awaitFinal(missedInPart);
        String missed = user.submit("missed");
        user.awaitFinal(missed);

        try (EventClient stream = EventClient.open(user, ALL, id)) {
            Event one = stream.next();
            Event two = stream.next();
            String marker = user.submit("marker");
            List<Event> rest = stream.until(marker, "success");

            assertThat(List.of(one, two)).extracting(Event::taskId).containsExactly(missedInPart, missed);
            assertThat(List.of(one, two)).extracting(Event::status).containsOnly("success");
            assertThat(rest).extracting(Event::taskId).containsOnly(marker);
            id = rest.get(rest.size() - 1).id();
        }
        try (EventClient stream = EventClient.open(user, ALL, id)) {
            String last = user.submit("last");
            assertThat(stream.until(last, "success")).extracting(Event::taskId).containsOnly(last);
        }
    }

    /** More than one part, more than the queue of a stream, and more tasks than a stream remembers. */
    @ParameterizedTest
    @ValueSource(ints = {150, 1_000})
    void aReconnectedClientGetsAllMissedEventsHoweverManyThereAre(int number) {
        Caller user = api.asNewUser();
        String id;
        String known = user.submit("known");
        try (EventClient stream = EventClient.open(user, ALL)) {
            List<Event> seen = stream.until(known, "success");
            id = seen.get(seen.size() - 1).id();
        }
        List<Document> missed = IntStream.range(0, number)
                .mapToObj(i -> TaskFixtures.document(
                                user.subject(), UUID.randomUUID().toString(), 2)
                        .append("status", "success")
                        .append("completed_at", Date.from(Instant.now())))
                .toList();
        mongo.insert(missed, "task_statuses");

        try (EventClient stream = EventClient.open(user, ALL, id)) {
            String live = user.submit("live");
            List<Event> sent = stream.until(live, "success");

            assertThat(sent)
                    .extracting(Event::taskId)
                    .filteredOn(task -> !task.equals(live))
                    .containsExactlyInAnyOrderElementsOf(
                            missed.stream().map(task -> task.getString("_id")).toList());
            assertThat(sent).extracting(Event::taskId).doesNotContain(known);
            id = sent.get(sent.size() - 1).id();
        }
        try (EventClient stream = EventClient.open(user, ALL, id)) {
            String last = user.submit("last");
            assertThat(stream.until(last, "success")).extracting(Event::taskId).contains(last);
        }
    }

    @Test
    void aReconnectedClientGetsAMissedOlderChange() {
        Caller user = api.asNewUser();
        String lost = user.submit("lost");
        user.awaitFinal(lost);
        String id;
        // This simulates that the connection broke before the first event was sent
        try (EventClient stream = EventClient.open(user, ALL)) {
            stream.until(lost, "success");
            String later = user.submit("told");
            List<Event> seen = stream.until(later, "success");
            id = withoutTask(seen.get(seen.size() - 1).id(), lost);
        }

        try (EventClient stream = EventClient.open(user, ALL, id)) {
            assertThat(stream.next().taskId()).isEqualTo(lost);
            String marker = user.submit("marker");
            assertThat(stream.until(marker, "success"))
                    .extracting(Event::taskId)
                    .containsOnly(marker);
        }
    }

    @Test
    void aChallengeAndItsAnswerAreInOneStream() {
        Caller user = api.asNewUser();
        String task = user.submit("challenge_live");

        try (EventClient stream = EventClient.open(user, "/tasks/" + task + "/events")) {
            List<Event> asked = stream.until(task, "challenge_required");
            Event challenge = asked.get(asked.size() - 1);
            assertThat(challenge.task().path("challenge").path("kind").asString())
                    .isEqualTo("email");
            assertThat(user.post("/tasks/" + task + "/challenge", "{\"code\": \"123456\"}")
                            .status())
                    .isEqualTo(202);

            assertThat(stream.until(task, "success")).extracting(Event::status).containsExactly("running", "success");
            stream.awaitEnd();
        }
    }

    @Test
    void theStreamOfATaskHasOnlyThisTaskAndEndsWithIt() {
        Caller user = api.asNewUser();
        String task = user.submit("slow_only");

        String id;
        try (EventClient stream = EventClient.open(user, "/tasks/" + task + "/events")) {
            String other = user.submit("another");
            List<Event> seen = stream.until(task, "success");
            stream.awaitEnd();
            assertThat(seen).extracting(Event::taskId).doesNotContain(other);
            assertThat(stream.rest()).isEmpty();
            id = seen.get(seen.size() - 1).id();
        }
        try (EventClient again = EventClient.open(user, "/tasks/" + task + "/events", id)) {
            assertThat(again.status()).isEqualTo(204);
            again.awaitEnd();
        }
        try (EventClient afresh = EventClient.open(user, "/tasks/" + task + "/events")) {
            assertThat(afresh.next().status()).isEqualTo("success");
            afresh.awaitEnd();
        }
    }

    @Test
    void aChangeByAnotherInstanceIsSent() {
        Caller user = api.asNewUser();
        String task = UUID.randomUUID().toString();
        try (EventClient stream = EventClient.open(user, ALL)) {
            mongo.insert(TaskFixtures.document(user.subject(), task, 1), "task_statuses");
            kafka.send("task-events", TaskFixtures.event(user.subject(), task, 1))
                    .join();

            assertThat(stream.next().taskId()).isEqualTo(task);
        }
    }

    @Test
    void repeatedAndOutdatedUpdatesAreNotSent() {
        Caller user = api.asNewUser();
        String task = UUID.randomUUID().toString();
        try (EventClient stream = EventClient.open(user, ALL)) {
            for (int version : new int[] {2, 2, 1, 3, 3, 2, 1, 5}) {
                events.publishEvent(TaskFixtures.changed(user.subject(), task, version));
            }

            assertThat(List.of(stream.next(), stream.next(), stream.next()))
                    .extracting(event -> event.task().path("attempts").asInt())
                    .containsExactly(2, 3, 5);
            assertThat(stream.rest()).isEmpty();
        }
    }

    @Test
    void aChangeWithALostEventIsFoundAndSent() {
        Caller user = api.asNewUser();
        String task = user.submit("challenge_lost");
        try (EventClient stream = EventClient.open(user, ALL)) {
            stream.until(task, "challenge_required");
            Date now = Date.from(Instant.now());
            Document step =
                    new Document("status", "cancelled").append("at", now).append("attempt", 1);
            Update unheard = Update.update("status", "cancelled")
                    .set("updated_at", now)
                    .set("completed_at", now)
                    .unset("due_at")
                    .push("history", step);
            mongo.updateFirst(new BasicQuery(new Document("_id", task)), unheard, "task_statuses");

            assertThat(stream.next().status()).isEqualTo("cancelled");
        }
    }

    /** Removes a task from an event's id, as if the client had not received it. */
    private static String withoutTask(String id, String taskId) {
        String without = id.replaceFirst("-" + Integer.toHexString(taskId.hashCode()) + "\\.[0-9]+", "");
        assertThat(without).isNotEqualTo(id);
        return without;
    }
}
