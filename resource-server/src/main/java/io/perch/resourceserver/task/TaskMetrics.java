package io.perch.resourceserver.task;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Metrics of tasks. Open tasks are counted in the database, so the number is the same on every instance. Changes are counted by
 * the instance that makes them.
 */
@Component
class TaskMetrics implements MeterBinder {

    /**
     * Counts are cached this long, so the number of queries does not depend on how often the metrics are read. The same holds for a
     * database that did not answer.
     */
    private static final Duration CACHE_TIME = Duration.ofSeconds(10);

    private final MeterRegistry meters;
    private final LoadingCache<TaskStatus, Long> open;
    private final LoadingCache<String, Duration> oldestDue;

    /** The last failure. While the database is unavailable, each question would make a reader of the metrics wait. */
    private final Cache<String, DataAccessException> failure =
            Caffeine.newBuilder().expireAfterWrite(CACHE_TIME).build();

    TaskMetrics(AdminTasks tasks, MeterRegistry meters) {
        this.meters = meters;
        this.open = Caffeine.newBuilder().expireAfterWrite(CACHE_TIME).build(tasks::count);
        this.oldestDue = Caffeine.newBuilder().expireAfterWrite(CACHE_TIME).build(key -> tasks.oldestDue());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (TaskStatus status : TaskStatus.values()) {
            if (!status.isFinal()) {
                Gauge.builder("perch.tasks.open", () -> count(status))
                        .description("Tasks in a state that is not final, over all instances")
                        .tag("status", status.wireName())
                        .register(registry);
            }
        }
        TimeGauge.builder("perch.tasks.oldest.due", this::oldestDueMillis, TimeUnit.MILLISECONDS)
                .description("How long the most overdue task has been waiting")
                .register(registry);
    }

    @EventListener
    void onChange(TaskChanged changed) {
        Task task = changed.task();
        meters.counter("perch.tasks.changes", "status", task.status().wireName())
                .increment();
        Instant completedAt = task.completedAt();
        if (completedAt != null && task.status() != TaskStatus.CANCELLED) {
            duration(task.status()).record(Duration.between(task.createdAt(), completedAt));
        }
    }

    private Timer duration(TaskStatus status) {
        return Timer.builder("perch.tasks.duration")
                .description("From the acceptance of a task to its end")
                .tag("status", status.wireName())
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(10))
                .maximumExpectedValue(Duration.ofHours(1))
                .register(meters);
    }

    private double count(TaskStatus status) {
        return known(() -> open.get(status));
    }

    private double oldestDueMillis() {
        return known(() -> oldestDue.get("").toMillis());
    }

    private double known(Supplier<Long> value) {
        if (failure.getIfPresent("") != null) {
            return Double.NaN;
        }
        try {
            return value.get();
        } catch (DataAccessException e) {
            failure.put("", e);
            return Double.NaN;
        }
    }
}
