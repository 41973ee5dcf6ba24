package io.perch.keycloak.outbox;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.outbox.BatchResults.Outcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class BatchResultsTest {

    private static final String OLD = "events-old";
    private static final String NEW = "events-new";

    private static final OutboxRow ADA = row("ada");
    private static final OutboxRow ADA_LATER = row("ada");
    private static final OutboxRow BOB = row("bob");

    /** After a renaming, the old topic may refuse what the new one accepts. */
    @Test
    void aRowThatWaitsDoesNotHoldBackRowsOfTheSameUserInAnotherTopic() {
        BatchResults results = new BatchResults(List.of(ADA, ADA_LATER), List.of(OLD, NEW));

        results.fail(0, refused(OLD));
        results.acknowledge(1);

        Outcome outcome = results.outcome();
        assertEquals(List.of(ADA_LATER), outcome.sent());
        assertEquals(Set.of(OLD), outcome.waiting().keySet());
        assertEquals(1, outcome.countOfWaiting());
        assertNull(outcome.failure());
    }

    @Test
    void aRowAfterAnUnsentOneOfTheSameUserAndTopicIsNotSent() {
        BatchResults results = new BatchResults(List.of(ADA, BOB, ADA_LATER), List.of(OLD, OLD, OLD));
        KafkaException failure = new KafkaException("closed");

        results.fail(0, failure);
        results.acknowledge(1);
        results.acknowledge(2);

        Outcome outcome = results.outcome();
        assertEquals(List.of(BOB), outcome.sent());
        assertEquals(Map.of(), outcome.waiting());
        assertSame(failure, outcome.failure());
    }

    @Test
    void allUnsentRowsOfATopicWaitIfOneDoes() {
        BatchResults results = new BatchResults(List.of(ADA, BOB, ADA_LATER), List.of(OLD, OLD, OLD));

        results.fail(0, refused(OLD));
        results.acknowledge(1);
        results.acknowledge(2);

        Outcome outcome = results.outcome();
        assertEquals(List.of(BOB), outcome.sent());
        assertEquals(
                List.of(ADA, ADA_LATER),
                requireNonNull(outcome.waiting().get(OLD)).rows());
        assertNull(outcome.failure());
    }

    @Test
    void rowsOfATopicThatWaitsAlreadyJoinTheEarlierOnes() {
        BatchResults results = new BatchResults(List.of(ADA, BOB), List.of(OLD, NEW));

        results.leaveOut(Set.of(OLD, "events-third"));

        assertTrue(results.hasResult(0));
        assertFalse(results.hasResult(1));
        Outcome outcome = results.outcome();
        assertEquals(List.of(ADA), requireNonNull(outcome.waiting().get(OLD)).rows());
        assertNull(requireNonNull(outcome.waiting().get(OLD)).cause());
    }

    @Test
    void aTopicWithoutAcknowledgementWaitsAndALateOneChangesNothing() {
        BatchResults results = new BatchResults(List.of(ADA, BOB), List.of(OLD, NEW));
        results.acknowledge(1);

        results.leaveOutSilentTopics(Duration.ofSeconds(5));
        results.acknowledge(0);

        Outcome outcome = results.outcome();
        assertEquals(List.of(BOB), outcome.sent());
        UnavailableTopicException cause =
                requireNonNull(requireNonNull(outcome.waiting().get(OLD)).cause());
        assertTrue(cause.isSilent());
        assertEquals("Kafka acknowledged nothing for 5 seconds", cause.getMessage());
        assertEquals(0, results.open());
    }

    @Test
    void aRefusedRowHoldsBackNoOther() {
        BatchResults results = new BatchResults(List.of(ADA, ADA_LATER, BOB), Arrays.asList(OLD, OLD, null));

        results.fail(0, new RecordTooLargeException("large"));
        results.acknowledge(1);
        results.fail(2, new IllegalArgumentException("no realm"));

        Outcome outcome = results.outcome();
        assertEquals(List.of(ADA_LATER), outcome.sent());
        assertEquals(
                Map.of(ADA, "RecordTooLargeException: large", BOB, "IllegalArgumentException: no realm"),
                outcome.refused());
    }

    private static UnavailableTopicException refused(String topic) {
        return UnavailableTopicException.refused(topic, new TopicAuthorizationException(topic));
    }

    private static OutboxRow row(String user) {
        return new OutboxRow(RowFormat.CURRENT, "realm", user, "id", "{}", 0, null);
    }
}
