package io.perch.resourceserver.task;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.perch.resourceserver.mongo.DatabaseTime;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * How many tasks of all users are in each state. Open tasks are few; they are counted exactly. Final tasks may be millions; they
 * are counted up to a limit, so that an answer takes about the same time whatever their number.
 */
@Component
class TaskStatistics {

    /**
     * How many tasks are in each state.
     *
     * @param total all tasks; an estimate by the database if a state has more tasks than were counted
     * @param byStatus how many there are in each state, up to the limit if the state is final
     * @param capped the states that have more tasks than that
     * @param asOf when they were counted
     * @param oldestDue how long the most overdue task has been due; zero if none is
     */
    record Statistics(
            long total, Map<TaskStatus, Long> byStatus, Set<TaskStatus> capped, Instant asOf, Duration oldestDue) {}

    /** The largest number of tasks that are counted in a final state. */
    static final int COUNTED = 100_000;

    /** All callers get the same numbers for this long. The same holds for a database that did not answer. */
    private static final Duration CACHE_TIME = Duration.ofSeconds(3);

    private record Result(
            @Nullable Statistics statistics, @Nullable DataAccessException failure) {}

    private final TaskQueries queries;
    private final DatabaseTime time;
    private final int limit;

    /** Concurrent callers wait for one computation. */
    private final LoadingCache<String, Result> cache =
            Caffeine.newBuilder().expireAfterWrite(CACHE_TIME).build(key -> result());

    @Autowired
    TaskStatistics(TaskQueries queries, DatabaseTime time) {
        this(queries, time, COUNTED);
    }

    TaskStatistics(TaskQueries queries, DatabaseTime time, int limit) {
        this.queries = queries;
        this.time = time;
        this.limit = limit;
    }

    /**
     * Returns numbers that are at most some seconds old.
     *
     * @throws DataAccessException if the database is unavailable, or was some seconds ago
     */
    Statistics read() {
        Result result = cache.get("");
        if (result.failure() != null) {
            throw result.failure();
        }
        return Objects.requireNonNull(result.statistics());
    }

    private Result result() {
        try {
            return new Result(count(), null);
        } catch (DataAccessException e) {
            return new Result(null, e);
        }
    }

    private Statistics count() {
        Instant now = time.instant();
        Map<TaskStatus, Long> counts = new EnumMap<>(TaskStatus.class);
        Set<TaskStatus> capped = EnumSet.noneOf(TaskStatus.class);
        for (TaskStatus status : TaskStatus.values()) {
            long count = status.isFinal() ? queries.count(status, limit + 1) : queries.count(status);
            if (status.isFinal() && count > limit) {
                capped.add(status);
                count = limit;
            }
            counts.put(status, count);
        }
        long sum = counts.values().stream().mapToLong(Long::longValue).sum();
        long total = capped.isEmpty() ? sum : Math.max(sum + capped.size(), queries.estimatedTotal());
        Duration oldestDue =
                queries.oldestDue(now).map(due -> Duration.between(due, now)).orElse(Duration.ZERO);
        return new Statistics(total, counts, capped, now, oldestDue);
    }
}
