package io.perch.keycloak.budget;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.util.Time;

/**
 * How often somebody may do something in an hour, counted in the memory of this node. An hour begins with the first time.
 */
public final class HourlyBudget {

    private static final int HOUR = 3600;

    /** More keys than this are not remembered: those go first that began first. */
    private static final int ROOM = 100_000;

    private final int size;
    private final Map<List<String>, Hour> hours = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, Hour> eldest) {
            return size() > ROOM;
        }
    };

    /** Has this much for each key. */
    public HourlyBudget(int size) {
        this.size = size;
    }

    private record Hour(long start, int count) {}

    /**
     * Takes one.
     *
     * @param key whose budget it is, such as a realm's id and a {@link Network}
     * @return zero where there was one to take, else the seconds until there is
     */
    public synchronized int take(String... key) {
        List<String> whose = List.of(key);
        long now = Time.currentTimeSeconds();
        Hour hour = current(whose, now);
        if (hour == null) {
            hours.remove(whose);
            hours.put(whose, new Hour(now, 1));
            return 0;
        }
        if (hour.count() >= size) {
            return (int) (hour.start() + HOUR - now);
        }
        hours.put(whose, new Hour(hour.start(), hour.count() + 1));
        return 0;
    }

    /** Whether nothing is left. */
    public synchronized boolean isSpent(String... key) {
        Hour hour = current(List.of(key), Time.currentTimeSeconds());
        return hour != null && hour.count() >= size;
    }

    private @Nullable Hour current(List<String> key, long now) {
        Hour hour = hours.get(key);
        return hour == null || now < hour.start() || now >= hour.start() + HOUR ? null : hour;
    }
}
