package io.perch.keycloak.outbox;

import io.perch.keycloak.outbox.BatchResults.Outcome;
import io.perch.keycloak.outbox.BatchResults.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;

/**
 * The rows that wait in the database for the topic of their realm. Only the holder of the lease changes which rows wait. It tries
 * their topics again, and sends the rows of a topic in their order. While rows of a topic wait, newer ones join them. Not
 * thread-safe.
 */
final class WaitingRows {

    private static final Logger LOG = Logger.getLogger(WaitingRows.class);

    /** Rows of one transaction. */
    private static final int CHUNK = 500;

    /** The tokens of most realms have ended by then. */
    private static final Duration TIME_FOR_OLD_NAMES = Duration.ofHours(1);

    private final OutboxStore store;
    private final OutboxProducer producer;
    private final Lease lease;
    private final TopicTemplate template;
    private final int batch;
    private final WaitingTopics topics = new WaitingTopics(System::nanoTime);
    private long term = -1;

    WaitingRows(OutboxStore store, OutboxProducer producer, Lease lease, OutboxOptions options) {
        this.store = store;
        this.producer = producer;
        this.lease = lease;
        this.template = options.topic();
        this.batch = options.batch();
    }

    /**
     * Reads the topics from the database, if another node may have changed them. Rows that have another topic by now, because the
     * option {@code topic} has changed, wait no longer.
     *
     * @return false if the lease was lost
     */
    boolean load() {
        if (term == lease.term()) {
            return true;
        }
        List<String> still = new ArrayList<>();
        for (String topic : store.waitingTopics()) {
            List<OutboxRow> first = store.waiting(topic, 1);
            if (!first.isEmpty() && isTopic(topic, first.get(0))) {
                still.add(topic);
            } else {
                while (store.release(topic, CHUNK) == CHUNK) {
                    if (!lease.hold()) {
                        return false;
                    }
                }
            }
            if (!lease.hold()) {
                return false;
            }
        }
        topics.replace(still);
        term = lease.term();
        return true;
    }

    private boolean isTopic(String topic, OutboxRow row) {
        if (!template.isPerRealm()) {
            return false;
        }
        try {
            return topic.equals(template.topic(row));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The topics that rows wait for. */
    Set<String> topics() {
        return topics.names();
    }

    boolean isEmpty() {
        return topics.isEmpty();
    }

    /** Notes the topics of rows that wait in the database now. */
    void add(Map<String, Waiting> waiting) {
        waiting.forEach((topic, rows) -> {
            UnavailableTopicException cause = rows.cause();
            if (cause != null && !rows.rows().isEmpty()) {
                topics.failed(topic, realm(rows.rows().get(0)), cause);
            }
        });
    }

    /**
     * Tries some topics again, and sends rows that wait for them.
     *
     * @param deliver sends rows, except those of some topics
     * @return whether more rows can be sent at once
     */
    boolean send(BiFunction<List<OutboxRow>, Set<String>, Outcome> deliver) {
        List<String> due = topics.due();
        if (due.isEmpty()) {
            return false;
        }
        List<String> available = available(due);
        if (available.isEmpty()) {
            return false;
        }
        int share = Math.max(1, batch / available.size());
        List<OutboxRow> rows = new ArrayList<>();
        Set<String> withMore = new HashSet<>();
        for (String topic : available) {
            List<OutboxRow> some = store.waiting(topic, share);
            rows.addAll(some);
            if (some.size() == share) {
                withMore.add(topic);
            }
        }
        List<OutboxRow> removed = rows.stream().filter(WaitingRows::isRemoved).toList();
        store.settle(removed, Map.of(), Map.of());
        rows.removeAll(removed);
        Set<String> closed = new HashSet<>(topics.names());
        available.forEach(closed::remove);
        Map<String, Waiting> failed =
                rows.isEmpty() ? Map.of() : deliver.apply(rows, closed).waiting();
        boolean isMore = false;
        for (String topic : available) {
            if (failed.containsKey(topic)) {
                continue;
            }
            if (withMore.contains(topic)) {
                topics.proceed(topic);
                isMore = true;
            } else {
                topics.remove(topic);
            }
        }
        return isMore;
    }

    /** Those that are available. The others are tried again later, unless no row waits for them any more. */
    private List<String> available(List<String> due) {
        Map<String, UnavailableTopicException> unavailable = producer.unavailable(Set.copyOf(due));
        List<String> available = new ArrayList<>();
        for (String topic : due) {
            UnavailableTopicException cause = unavailable.get(topic);
            if (cause == null) {
                available.add(topic);
                continue;
            }
            List<OutboxRow> first = store.waiting(topic, 1);
            if (first.isEmpty()) {
                topics.remove(topic);
            } else {
                topics.failed(topic, realm(first.get(0)), cause);
            }
        }
        return available;
    }

    /** Whether nobody may get a row any more, because its realm was removed in the meantime. */
    private static boolean isRemoved(OutboxRow row) {
        return row.realmId() != null && row.presentRealm() == null && !row.endsRealm();
    }

    /**
     * Sets aside the rows that have waited too long. The topic of a name that a realm no longer has may never exist. Its rows wait
     * for {@link #TIME_FOR_OLD_NAMES} only.
     *
     * @param now milliseconds since 1970
     * @param time for other rows
     * @return how many
     */
    int setAside(long now, Duration time) {
        int all = 0;
        for (String topic : topics.names()) {
            int count = 0;
            List<OutboxRow> old = old(store.waiting(topic, 1), now, time);
            while (!old.isEmpty() && lease.hold()) {
                old = old(store.waiting(topic, CHUNK), now, time);
                Map<OutboxRow, String> reasons = new LinkedHashMap<>();
                old.forEach(row -> reasons.put(row, "The topic " + topic + " was not available for too long"));
                store.settle(List.of(), reasons, Map.of());
                count += old.size();
            }
            if (count > 0) {
                LOG.errorf(
                        "Outbox: %d events that waited for the topic %s are set aside, because their time is over",
                        count, topic);
            }
            all += count;
        }
        return all;
    }

    private List<OutboxRow> old(List<OutboxRow> rows, long now, Duration time) {
        return rows.stream()
                .takeWhile(row -> now - row.createdAt() > (hasOldName(row) ? TIME_FOR_OLD_NAMES : time).toMillis())
                .toList();
    }

    private boolean hasOldName(OutboxRow row) {
        return template.isByName()
                && CloudEvents.realm(row.event())
                        .filter(name -> !name.equals(row.presentRealm()))
                        .isPresent();
    }

    private static String realm(OutboxRow row) {
        return CloudEvents.realm(row.event()).orElse("with the id " + row.realmId());
    }
}
