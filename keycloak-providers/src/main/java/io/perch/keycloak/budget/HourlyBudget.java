package io.perch.keycloak.budget;

import java.util.LinkedHashMap;
import java.util.Map;
import org.keycloak.common.util.Time;

/**
 * How often one network address may do something in an hour, counted in the memory of this node. An hour begins with the
 * first time.
 */
public final class HourlyBudget {

    private static final int HOUR = 3600;

    /** More addresses than this are not remembered: those go first that began first. */
    private static final int ROOM = 100_000;

    private final int size;
    private final Map<String, Hour> hours = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Hour> eldest) {
            return size() > ROOM;
        }
    };

    /** Has this much for each address of each realm. */
    public HourlyBudget(int size) {
        this.size = size;
    }

    private record Hour(long start, int count) {}

    /**
     * Takes one.
     *
     * @param realm the realm's id
     * @param address an IP address, counted as {@link Network} says
     * @return zero where there was one to take, else the seconds until there is
     */
    public synchronized int take(String realm, String address) {
        String key = realm + ' ' + Network.of(address);
        long now = Time.currentTimeSeconds();
        Hour hour = hours.get(key);
        if (hour == null || now < hour.start() || now >= hour.start() + HOUR) {
            hours.remove(key);
            hours.put(key, new Hour(now, 1));
            return 0;
        }
        if (hour.count() >= size) {
            return (int) (hour.start() + HOUR - now);
        }
        hours.put(key, new Hour(hour.start(), hour.count() + 1));
        return 0;
    }
}
