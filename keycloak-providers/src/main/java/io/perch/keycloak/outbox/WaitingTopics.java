package io.perch.keycloak.outbox;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * The topics for which rows wait in the database, and when each is tried again. The pause of a topic grows while it is not
 * available. A round has a few topics, those first that are due for the longest time. So many of them, or one that acknowledges
 * nothing, take little time from the events of other realms. Not thread-safe.
 */
final class WaitingTopics {

    private static final Logger LOG = Logger.getLogger(WaitingTopics.class);

    static final int TOPICS_PER_ROUND = 20;
    static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    static final Duration ROUND_INTERVAL = Duration.ofSeconds(1);

    /** After a round in which Kafka acknowledged nothing for a while. Other events waited that long. */
    static final Duration ROUND_INTERVAL_AFTER_SILENCE = Duration.ofSeconds(20);

    private static final Duration WARNING_INTERVAL = Duration.ofMinutes(10);

    private final LongSupplier clock;
    private final Map<String, Waiting> topics = new HashMap<>();
    private long nextRound;

    /** Times are those of the clock. */
    private record Waiting(long due, Duration pause, long warned) {}

    /**
     * No topics.
     *
     * @param clock as {@link System#nanoTime}
     */
    WaitingTopics(LongSupplier clock) {
        this.clock = clock;
        this.nextRound = clock.getAsLong();
    }

    /** Replaces the topics by those that the database has. All are due. */
    void replace(Collection<String> names) {
        topics.clear();
        long now = clock.getAsLong();
        names.forEach(name -> topics.put(name, new Waiting(now, FIRST_PAUSE, now - WARNING_INTERVAL.toNanos())));
    }

    Set<String> names() {
        return Set.copyOf(topics.keySet());
    }

    boolean isEmpty() {
        return topics.isEmpty();
    }

    /** The topics to try in this round; often none. */
    List<String> due() {
        long now = clock.getAsLong();
        if (topics.isEmpty() || now - nextRound < 0) {
            return List.of();
        }
        nextRound = now + ROUND_INTERVAL.toNanos();
        return topics.entrySet().stream()
                .filter(topic -> now - topic.getValue().due() >= 0)
                .sorted(Comparator.comparingLong(topic -> topic.getValue().due() - now))
                .limit(TOPICS_PER_ROUND)
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * A topic is not available. It is tried again after its pause, which doubles each time.
     *
     * @param realm the realm's name, for the log
     */
    void failed(String topic, String realm, UnavailableTopicException reason) {
        long now = clock.getAsLong();
        Waiting before = topics.get(topic);
        Duration pause = before == null ? FIRST_PAUSE : before.pause();
        boolean warns = before == null || now - before.warned() >= WARNING_INTERVAL.toNanos();
        if (warns) {
            LOG.warnf("Outbox: events of the realm %s wait for the topic %s: %s", realm, topic, reason.getMessage());
        }
        Duration doubled = pause.multipliedBy(2);
        topics.put(
                topic,
                new Waiting(
                        now + pause.toNanos(),
                        doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled,
                        warns ? now : before == null ? now : before.warned()));
        if (reason.isSilent()) {
            nextRound = now + ROUND_INTERVAL_AFTER_SILENCE.toNanos();
        }
    }

    /** Some rows of a topic were sent, and more wait. They are due at once, but after the topics that are due already. */
    void proceed(String topic) {
        long now = clock.getAsLong();
        topics.computeIfPresent(topic, (name, before) -> new Waiting(now, FIRST_PAUSE, before.warned()));
        nextRound = now;
    }

    /** No row waits for a topic any more. */
    void remove(String topic) {
        if (topics.remove(topic) != null) {
            LOG.infof("Outbox: no event waits for the topic %s any more", topic);
        }
    }
}
