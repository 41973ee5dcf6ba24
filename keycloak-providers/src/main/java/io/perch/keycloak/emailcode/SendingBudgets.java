package io.perch.keycloak.emailcode;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.keycloak.common.util.Time;

/**
 * How much may be sent in any sixty minutes, counted exactly: a row is locked while it is read and written. To be used in
 * a short transaction of its own.
 */
final class SendingBudgets {

    /** The largest budget that a row can keep the times of. */
    static final int LARGEST = 300;

    private static final int HOUR = 3600;

    private final EntityManager entities;

    SendingBudgets(EntityManager entities) {
        this.entities = entities;
    }

    /**
     * Takes one from a budget.
     *
     * @return zero where there was one to take, else the seconds until there is
     */
    int take(String id, int budget) {
        long now = Time.currentTimeSeconds();
        StoredBudget row = entities.find(StoredBudget.class, id, LockModeType.PESSIMISTIC_WRITE);
        List<Long> times = row == null ? List.of() : recent(row.sentAt(), now - HOUR);
        if (times.size() >= budget) {
            return (int) Math.max(1, times.get(times.size() - budget) + HOUR - now);
        }
        if (row == null) {
            row = new StoredBudget(id);
            entities.persist(row);
        }
        row.sent(text(times, now), now + HOUR);
        entities.flush();
        return 0;
    }

    private static List<Long> recent(String times, long after) {
        return Stream.of(times.split(" ", -1))
                .filter(time -> !time.isEmpty())
                .map(Long::valueOf)
                .filter(time -> time > after)
                .toList();
    }

    private static String text(List<Long> times, long last) {
        return LongStream.concat(times.stream().mapToLong(Long::longValue), LongStream.of(last))
                .mapToObj(Long::toString)
                .collect(Collectors.joining(" "));
    }
}
