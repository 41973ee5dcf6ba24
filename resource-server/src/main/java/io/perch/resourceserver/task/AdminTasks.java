package io.perch.resourceserver.task;

import io.perch.resourceserver.acts.Act;
import io.perch.resourceserver.mongo.DatabaseTime;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.domain.Window;
import org.springframework.stereotype.Component;

/** The tasks of all users, for moderators. */
@Component
public class AdminTasks {

    private static final Logger log = LoggerFactory.getLogger(AdminTasks.class);

    /**
     * How many tasks match a filter.
     *
     * @param count how many, up to {@link #COUNTED}
     * @param capped whether there are more
     * @param asOf when they were counted
     * @param byError how many tasks there are for each error code
     * @param retryable how many may succeed in another attempt
     * @param accounts how many accounts they belong to
     */
    record Matches(
            long count, boolean capped, Instant asOf, Map<String, Long> byError, long retryable, long accounts) {}

    /** The largest number of tasks that are counted in detail. */
    static final int COUNTED = 10_000;

    private final TaskRepository tasks;
    private final TaskQueries queries;
    private final TaskEnd ends;
    private final TaskProperties properties;
    private final ApplicationEventPublisher events;
    private final DatabaseTime time;

    AdminTasks(
            TaskRepository tasks,
            TaskQueries queries,
            TaskEnd ends,
            TaskProperties properties,
            ApplicationEventPublisher events,
            DatabaseTime time) {
        this.tasks = tasks;
        this.queries = queries;
        this.ends = ends;
        this.properties = properties;
        this.events = events;
        this.time = time;
    }

    /** Reads a page, newest first. */
    public Window<Task> list(TaskFilter filter, @Nullable String after, int limit) {
        return queries.list(filter, after, limit);
    }

    /**
     * Finds a task of any user.
     *
     * @throws ProblemException 404 if there is none with this id
     */
    public Task find(String taskId) {
        return tasks.findById(taskId)
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "There is no task with this id"));
    }

    /** Counts tasks, up to a limit. */
    public long count(TaskFilter filter, int limit) {
        return queries.count(filter, limit);
    }

    Matches matches(TaskFilter filter) {
        Instant now = time.instant();
        List<TaskQueries.Outline> found = queries.outlines(filter, COUNTED + 1);
        boolean capped = found.size() > COUNTED;
        List<TaskQueries.Outline> counted = capped ? found.subList(0, COUNTED) : found;
        Map<String, Long> byError = new TreeMap<>();
        counted.stream()
                .map(TaskQueries.Outline::error)
                .filter(Objects::nonNull)
                .forEach(error -> byError.merge(error, 1L, Long::sum));
        return new Matches(
                counted.size(),
                capped,
                now,
                byError,
                counted.stream().filter(TaskQueries.Outline::retryable).count(),
                counted.stream().map(TaskQueries.Outline::account).distinct().count());
    }

    List<TaskQueries.Bucket> buckets(TaskFilter filter, boolean completed, Instant from, Instant to, Duration width) {
        return queries.buckets(filter, completed, from, to, width);
    }

    Instant now() {
        return time.instant();
    }

    long count(TaskStatus status) {
        return queries.count(status);
    }

    Duration oldestDue() {
        Instant now = time.instant();
        return queries.oldestDue(now).map(due -> Duration.between(due, now)).orElse(Duration.ZERO);
    }

    /**
     * Retries a failed task, with as many attempts as a new task has.
     *
     * @param acts the acts to record: the moderator's retry
     * @return the changed task
     * @throws ProblemException 409 if it has not failed, or its login has not stopped yet
     */
    public Task retry(Task task, List<Act> acts) {
        if (task.status() != TaskStatus.FAILURE || task.lease() != null) {
            throw notFailed();
        }
        Instant now = time.instant();
        Task pending = task.to(TaskStatus.PENDING, now, "replayed")
                .attemptLimit(task.attempt() + properties.maxAttempts())
                .due(now)
                .incomplete()
                .error(null)
                .act(acts)
                .build();
        Task replayed = tasks.replace(task, pending).orElseThrow(AdminTasks::notFailed);
        TaskLog.changed(log, replayed);
        events.publishEvent(new TaskChanged(replayed));
        events.publishEvent(TaskReady.of(replayed));
        return replayed;
    }

    /**
     * Cancels a task. A running login is stopped, and its result is dropped.
     *
     * @param acts the acts to record: the moderator's cancellation
     * @throws ProblemException 404 if the task does not exist any more, 409 if it ended with another result
     */
    public void cancel(Task task, List<Act> acts) {
        Task ended = ends.cancel(task, "by_moderator", acts)
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "The task is gone"));
        if (ended.status() != TaskStatus.CANCELLED) {
            throw new ProblemException(ProblemType.CONFLICT, "The task has ended already");
        }
    }

    private static ProblemException notFailed() {
        return new ProblemException(ProblemType.CONFLICT, "Only a task that has failed can be tried again");
    }
}
