package io.perch.resourceserver.task;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.mongodb.core.FindAndModifyOptions;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

/**
 * Moves tasks from one state to the next. Every move is one atomic update of one document, is written into the task's
 * history, and is told as {@link TaskChanged}.
 */
@Component
class TaskStore {

    private static final Logger log = LoggerFactory.getLogger(TaskStore.class);
    private static final FindAndModifyOptions RETURN_NEW =
            FindAndModifyOptions.options().returnNew(true);

    /**
     * A move to be made.
     *
     * @param to the state to enter
     * @param attempt the attempt that enters it
     * @param detail more for the history, or null
     */
    record Move(TaskStatus to, int attempt, @Nullable String detail) {}

    private final MongoOperations mongo;
    private final DatabaseTime time;
    private final ApplicationEventPublisher events;

    TaskStore(MongoOperations mongo, DatabaseTime time, ApplicationEventPublisher events) {
        this.mongo = mongo;
        this.time = time;
        this.events = events;
    }

    /** The database's time. */
    Instant now() {
        return time.instant();
    }

    Optional<Task> find(String taskId) {
        return Optional.ofNullable(mongo.findById(taskId, Task.class));
    }

    /** The one task that is in the same state and attempt as when it was read. */
    static Criteria unchanged(Task task) {
        return where("id")
                .is(task.id())
                .and("status")
                .is(task.status())
                .and("attempt")
                .is(task.attempt());
    }

    /**
     * Makes a move, if the task still is in the state and the attempt that it was read in.
     *
     * @param from the task as it was read
     * @param move the move
     * @param change what else changes; what only belongs to the state that is left is cleared
     * @return the task as it is now, or empty where it was something else
     * @throws IllegalArgumentException if {@link TaskStatus} does not allow the move
     */
    Optional<Task> move(Task from, Move move, Update change) {
        return move(from, unchanged(from), move, change);
    }

    /** Makes a move on conditions of the caller's own, {@link #unchanged} among them. */
    Optional<Task> move(Task from, Criteria conditions, Move move, Update change) {
        if (!from.status().canBecome(move.to())) {
            throw new IllegalArgumentException("A task that is " + from.status() + " cannot become " + move.to());
        }
        Instant now = now();
        TaskStatus to = move.to();
        change.set("status", to)
                .set("updatedAt", now)
                .push("history", new TaskTransition(to, now, move.attempt(), move.detail()));
        if (to != TaskStatus.RUNNING) {
            change.unset("leaseUntil").unset("owner");
        }
        if (to != TaskStatus.RETRYING) {
            change.unset("nextAttemptAt");
        }
        if (to.isFinal()) {
            change.set("completedAt", now).unset("dueAt").unset("challenge");
        }
        return changed(mongo.findAndModify(query(conditions), change, RETURN_NEW, Task.class));
    }

    /** Stores a new task. */
    Task insert(Task task) {
        Task stored = mongo.insert(task);
        changed(stored);
        return stored;
    }

    /** Changes something of a task that its owner does not see. */
    boolean adjust(Query tasks, Update change) {
        return mongo.updateFirst(tasks, change, Task.class).getMatchedCount() > 0;
    }

    /** Changes something of many tasks that their owners do not see. */
    void adjustAll(Query tasks, Update change) {
        mongo.updateMulti(tasks, change, Task.class);
    }

    private Optional<Task> changed(@Nullable Task task) {
        if (task != null) {
            log.info(
                    "task_id={} user_id={} status={} attempt={}",
                    task.id(),
                    task.userId(),
                    task.status().wireName(),
                    task.attempt());
            events.publishEvent(new TaskChanged(task));
        }
        return Optional.ofNullable(task);
    }
}
