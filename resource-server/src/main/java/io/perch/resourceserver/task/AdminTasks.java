package io.perch.resourceserver.task;

import io.perch.resourceserver.acts.Act;
import io.perch.resourceserver.acts.ActKind;
import io.perch.resourceserver.mongo.DatabaseTime;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.domain.Window;
import org.springframework.stereotype.Component;

/** Everybody's tasks, for moderators. */
@Component
class AdminTasks {

    private static final Logger log = LoggerFactory.getLogger(AdminTasks.class);

    /**
     * How the tasks stand.
     *
     * @param byStatus how many there are in each state
     * @param oldestDue how long the most overdue task has been waiting; zero where none is late
     */
    record Stats(Map<TaskStatus, Long> byStatus, Duration oldestDue) {}

    private final TaskRepository tasks;
    private final TaskProperties properties;
    private final ApplicationEventPublisher events;
    private final DatabaseTime time;

    AdminTasks(TaskRepository tasks, TaskProperties properties, ApplicationEventPublisher events, DatabaseTime time) {
        this.tasks = tasks;
        this.properties = properties;
        this.events = events;
        this.time = time;
    }

    Window<Task> list(@Nullable TaskStatus status, @Nullable String userId, @Nullable String after, int limit) {
        return tasks.list(new TaskFilter(userId, status), after, limit);
    }

    Stats stats() {
        Map<TaskStatus, Long> counts = new EnumMap<>(TaskStatus.class);
        for (TaskStatus status : TaskStatus.values()) {
            counts.put(status, count(status));
        }
        return new Stats(counts, oldestDue());
    }

    long count(TaskStatus status) {
        return tasks.count(status);
    }

    Duration oldestDue() {
        Instant now = time.instant();
        return tasks.oldestDue(now).map(due -> Duration.between(due, now)).orElse(Duration.ZERO);
    }

    /**
     * Has a failed task tried again, with as many attempts as a new one.
     *
     * @throws ProblemException 404 if there is no such task, 409 if it has not failed, or its login has not stopped yet
     */
    Task retry(String taskId) {
        Task task = tasks.findAnybodys(taskId)
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "There is no task with this id"));
        if (task.status() != TaskStatus.FAILURE || task.lease() != null) {
            throw notFailed();
        }
        Instant now = time.instant();
        Task pending = task.to(TaskStatus.PENDING, now, "replayed")
                .attemptLimit(task.attempt() + properties.maxAttempts())
                .due(now)
                .incomplete()
                .error(null)
                .act(Act.ofCurrentRequest(ActKind.TASK_RETRIED))
                .build();
        Task replayed = tasks.replace(task, pending).orElseThrow(AdminTasks::notFailed);
        TaskLog.changed(log, replayed);
        events.publishEvent(new TaskChanged(replayed));
        events.publishEvent(TaskReady.of(replayed));
        return replayed;
    }

    private static ProblemException notFailed() {
        return new ProblemException(ProblemType.CONFLICT, "Only a task that has failed can be tried again");
    }
}
