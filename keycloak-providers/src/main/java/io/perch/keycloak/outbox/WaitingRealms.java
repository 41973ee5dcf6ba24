package io.perch.keycloak.outbox;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Realms whose events wait because their topic is not available. The relay leaves their rows out for a while, so that the events of
 * other realms do not wait too. The events of one realm stay in order. Not thread-safe.
 */
final class WaitingRealms {

    private static final Logger LOG = Logger.getLogger(WaitingRealms.class);

    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(5);
    private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);

    /** A realm that is not tried for so long has no events any more. Perhaps another node has sent them. */
    private static final Duration FORGET_AFTER = Duration.ofMinutes(10);

    /** The most realms that are left out. Databases limit the parameters of a query. */
    private static final int LIMIT = 500;

    private final Map<String, Waiting> realms = new HashMap<>();
    private final LongSupplier nanoTime;

    WaitingRealms() {
        this(System::nanoTime);
    }

    /**
     * Realms with a given clock.
     *
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    WaitingRealms(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Times of the clock. */
    private record Waiting(long triedAt, long warnedAt) {}

    /** The ids of the realms whose events are not tried yet. Forgets realms that have no events any more. */
    List<String> ids() {
        long now = nanoTime.getAsLong();
        realms.values().removeIf(realm -> now - realm.triedAt() > FORGET_AFTER.toNanos());
        return realms.entrySet().stream()
                .filter(realm -> now - realm.getValue().triedAt() < RETRY_INTERVAL.toNanos())
                .map(Map.Entry::getKey)
                .limit(LIMIT)
                .toList();
    }

    /**
     * Adds the realms of rows.
     *
     * @param rows rows that have a realm, each with the reason
     */
    void add(Map<OutboxRow, String> rows) {
        long now = nanoTime.getAsLong();
        Set<String> added = new HashSet<>();
        rows.forEach((row, reason) -> {
            String realm = row.realmId();
            if (realm != null && added.add(realm)) {
                Waiting before = realms.get(realm);
                boolean isDue = before == null || now - before.warnedAt() > WARNING_INTERVAL.toNanos();
                if (isDue) {
                    LOG.warnf("Outbox: the events of the realm with the id %s wait: %s", realm, reason);
                }
                realms.put(realm, new Waiting(now, before == null || isDue ? now : before.warnedAt()));
            }
        });
    }

    /** Removes the realms of rows that Kafka has acknowledged. */
    void remove(Collection<OutboxRow> rows) {
        if (isEmpty()) {
            return;
        }
        for (OutboxRow row : rows) {
            String realm = row.realmId();
            if (realm != null && realms.remove(realm) != null) {
                LOG.infof("Outbox: the events of the realm with the id %s are sent again", realm);
            }
        }
    }

    /** Removes all realms. */
    void clear() {
        realms.clear();
    }

    /** Whether no realm waits. */
    boolean isEmpty() {
        return realms.isEmpty();
    }
}
