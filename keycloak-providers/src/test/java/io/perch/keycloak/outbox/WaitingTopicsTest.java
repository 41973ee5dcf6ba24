package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class WaitingTopicsTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000);
    private final WaitingTopics topics = new WaitingTopics(now::get);

    @Test
    void nothingIsDueWithoutTopics() {
        assertEquals(List.of(), topics.due());
        assertTrue(topics.isEmpty());
    }

    @Test
    void thePauseOfATopicGrowsToAMinute() {
        failed("a");
        for (int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
            pass(Duration.ofSeconds(seconds).minusMillis(1));
            assertEquals(List.of(), topics.due(), () -> "before " + seconds + " seconds");
            // The round's interval is over too
            pass(Duration.ofSeconds(1));
            assertEquals(List.of("a"), topics.due(), () -> "after " + seconds + " seconds");
            failed("a");
        }
    }

    /** With 600 of them, a round still has a few, and each has its turn. */
    @Test
    void manyTopicsAreTriedInTurn() {
        Set<String> names = IntStream.range(0, 600).mapToObj(i -> "topic-" + i).collect(Collectors.toUnmodifiableSet());
        topics.replace(names);
        Map<String, Integer> tries = new HashMap<>();

        for (int second = 0; second < 300; second++) {
            List<String> due = topics.due();
            assertTrue(due.size() <= WaitingTopics.TOPICS_PER_ROUND, due::toString);
            assertEquals(List.of(), topics.due(), "the next round is a second later");
            due.forEach(topic -> {
                tries.merge(topic, 1, Integer::sum);
                failed(topic);
            });
            pass(WaitingTopics.ROUND_INTERVAL);
        }

        assertEquals(names, tries.keySet());
        assertTrue(tries.values().stream().mapToInt(Integer::intValue).min().orElseThrow() >= 4, tries::toString);
        assertEquals(names, topics.names());
    }

    @Test
    void aTopicWithMoreRowsIsDueAtOnceButAfterTheOthers() {
        topics.replace(IntStream.range(0, 21).mapToObj(i -> "topic-" + i).toList());
        List<String> first = topics.due();
        Set<String> left = new HashSet<>(topics.names());
        first.forEach(left::remove);
        pass(Duration.ofMillis(1));
        first.stream().skip(1).forEach(topics::remove);

        topics.proceed(first.get(0));

        assertEquals(List.of(left.iterator().next(), first.get(0)), topics.due());
    }

    @Test
    void aSilentTopicDelaysTheNextRound() {
        topics.replace(List.of("a", "b"));
        assertEquals(2, topics.due().size());

        topics.failed("a", "realm", UnavailableTopicException.silent("a", new TimeoutException("silent")));

        pass(WaitingTopics.ROUND_INTERVAL_AFTER_SILENCE.minusMillis(1));
        assertEquals(List.of(), topics.due());
        pass(Duration.ofMillis(1));
        assertEquals(Set.of("a", "b"), Set.copyOf(topics.due()));
    }

    private void failed(String topic) {
        topics.failed(
                topic,
                "realm",
                UnavailableTopicException.refused(topic, new UnknownTopicOrPartitionException("no such topic")));
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
