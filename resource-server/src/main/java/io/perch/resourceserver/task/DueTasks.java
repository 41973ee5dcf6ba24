package io.perch.resourceserver.task;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import io.perch.resourceserver.task.TaskStore.Move;
import java.time.Instant;
import java.util.List;
import org.springframework.data.domain.Sort;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

/**
 * Finds the tasks that somebody must look at: never heard of, waited long enough, left by an instance that died, or asked
 * for a code that did not come. Any number of instances may look at once.
 */
@Component
public class DueTasks {

    private final MongoOperations mongo;
    private final TaskStore store;
    private final TaskProperties properties;

    DueTasks(MongoOperations mongo, TaskStore store, TaskProperties properties) {
        this.mongo = mongo;
        this.store = store;
        this.properties = properties;
    }

    /**
     * Takes tasks that are due, the most overdue first. Those that are past help are ended; every other one is given to
     * one caller, and is due again later, should nobody claim it.
     *
     * @param limit how many to look at, at most
     * @return the tasks to be run, which are the caller's to publish
     */
    public List<TaskReady> take(int limit) {
        Instant now = store.now();
        var due = query(where("dueAt").lte(now)).with(Sort.by("dueAt")).limit(limit);
        return mongo.find(due, Task.class).stream()
                .filter(task -> !ended(task))
                .filter(task -> postpone(task, now))
                .map(TaskReady::of)
                .toList();
    }

    private boolean ended(Task task) {
        if (task.status() == TaskStatus.CHALLENGE_REQUIRED && !task.hasAnswer()) {
            return end(task, new TaskError("challenge_expired", "The code did not come in time", true));
        }
        if (task.status() == TaskStatus.RUNNING && task.isLastAttempt()) {
            return end(task, new TaskError("abandoned", "The login was begun again and again, and never ended", true));
        }
        return false;
    }

    /** Whoever else changes the task meanwhile changes when it is due. */
    private boolean end(Task task, TaskError error) {
        var conditions = TaskStore.unchanged(task).and("dueAt").is(task.dueAt());
        Move move = new Move(TaskStatus.FAILURE, task.attempt(), error.code());
        store.move(task, conditions, move, new Update().set("error", error));
        return true;
    }

    private boolean postpone(Task task, Instant now) {
        var conditions = TaskStore.unchanged(task).and("dueAt").is(task.dueAt());
        return store.adjust(query(conditions), Update.update("dueAt", now.plus(properties.publishWithin())));
    }
}
