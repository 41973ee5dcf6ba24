package io.perch.resourceserver.task;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import io.perch.resourceserver.task.TaskStore.Move;
import io.perch.resourceserver.web.PageCursor;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.domain.Sort;
import org.springframework.data.domain.Window;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

/** Everybody's tasks, for moderators. */
@Component
class AdminTasks {

    /**
     * How the tasks stand.
     *
     * @param byStatus how many there are in each state
     * @param oldestDue how long the task waits that should have been looked at first; zero where none is late
     */
    record Stats(Map<TaskStatus, Long> byStatus, Duration oldestDue) {}

    private final MongoOperations mongo;
    private final TaskStore store;
    private final TaskProperties properties;
    private final ApplicationEventPublisher events;

    AdminTasks(MongoOperations mongo, TaskStore store, TaskProperties properties, ApplicationEventPublisher events) {
        this.mongo = mongo;
        this.store = store;
        this.properties = properties;
        this.events = events;
    }

    Window<Task> list(@Nullable TaskStatus status, @Nullable String userId, @Nullable String after, int limit) {
        Criteria asked = new Criteria();
        if (userId != null) {
            asked.and("userId").is(userId);
        }
        if (status != null) {
            asked.and("status").is(status);
        }
        var query = query(asked)
                .with(PageCursor.NEWEST_FIRST)
                .with(PageCursor.position(after))
                .limit(limit);
        return mongo.scroll(query, Task.class);
    }

    Stats stats() {
        Map<TaskStatus, Long> counts = new EnumMap<>(TaskStatus.class);
        for (TaskStatus status : TaskStatus.values()) {
            counts.put(status, count(status));
        }
        return new Stats(counts, oldestDue());
    }

    long count(TaskStatus status) {
        return mongo.count(query(where("status").is(status)), Task.class);
    }

    Duration oldestDue() {
        Instant now = store.now();
        var late = query(where("dueAt").lte(now)).with(Sort.by("dueAt")).limit(1);
        Task oldest = mongo.findOne(late, Task.class);
        Instant due = oldest == null ? null : oldest.dueAt();
        return due == null ? Duration.ZERO : Duration.between(due, now);
    }

    /**
     * Has a failed task tried again, with as many attempts as a new one.
     *
     * @throws ProblemException 404 if there is no such task, 409 if it has not failed
     */
    Task retry(String taskId) {
        Task task = store.find(taskId)
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "There is no task with this id"));
        if (task.status() != TaskStatus.FAILURE) {
            throw notFailed();
        }
        Update update = new Update()
                .set("attemptLimit", task.attempt() + properties.maxAttempts())
                .set("dueAt", store.now().plus(properties.publishWithin()))
                .unset("completedAt")
                .unset("error");
        Move move = new Move(TaskStatus.PENDING, task.attempt(), "replayed");
        Task replayed = store.move(task, move, update).orElseThrow(AdminTasks::notFailed);
        events.publishEvent(TaskReady.of(replayed));
        return replayed;
    }

    private static ProblemException notFailed() {
        return new ProblemException(ProblemType.CONFLICT, "Only a task that has failed can be tried again");
    }
}
