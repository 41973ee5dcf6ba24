package io.perch.keycloak.budget;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.util.Time;

/**
 * Limits how often something may be done in an hour, for each key. It counts in the memory of this node. The hour of a key starts
 * with its first use. Thread-safe.
 */
public final class HourlyBudget {

    private static final int HOUR = 3600;

    /** The most keys in memory. If there are more, the key whose hour started first is removed. */
    private static final int MAX_KEYS = 100_000;

    private final int size;
    private final Map<List<String>, Hour> hours = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, Hour> eldest) {
            return size() > MAX_KEYS;
        }
    };

    /**
     * Creates a budget.
     *
     * @param size how often an hour each key may be used
     */
    public HourlyBudget(int size) {
        this.size = size;
    }

    private record Hour(long start, int count) {}

    /**
     * Takes one from the budget of a key.
     *
     * @param key the parts of the key, such as a realm's id and a {@link Network}
     * @return zero if the budget was not spent, else the seconds until the next hour of this key
     */
    public synchronized int take(String... key) {
        List<String> keyParts = List.of(key);
        long now = Time.currentTimeSeconds();
        Hour hour = current(keyParts, now);
        if (hour == null) {
            hours.remove(keyParts);
            hours.put(keyParts, new Hour(now, 1));
            return 0;
        }
        if (hour.count() >= size) {
            return (int) (hour.start() + HOUR - now);
        }
        hours.put(keyParts, new Hour(hour.start(), hour.count() + 1));
        return 0;
    }

    /** Whether the budget of a key is spent. */
    public synchronized boolean isSpent(String... key) {
        Hour hour = current(List.of(key), Time.currentTimeSeconds());
        return hour != null && hour.count() >= size;
    }

    private @Nullable Hour current(List<String> key, long now) {
        Hour hour = hours.get(key);
        return hour == null || now < hour.start() || now >= hour.start() + HOUR ? null : hour;
    }
}
