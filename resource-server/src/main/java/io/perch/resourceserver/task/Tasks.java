package io.perch.resourceserver.task;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Sort;
import org.springframework.data.mongodb.core.FindAndModifyOptions;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

/** Runs tasks through their states. Every change is one atomic update of one document. */
@Component
public class Tasks {

    private static final Logger log = LoggerFactory.getLogger(Tasks.class);
    private static final FindAndModifyOptions RETURN_NEW =
            FindAndModifyOptions.options().returnNew(true);

    private final MongoOperations mongo;
    private final TaskProperties properties;
    private final Clock clock;

    Tasks(MongoOperations mongo, TaskProperties properties, Clock clock) {
        this.mongo = mongo;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * Claims a task for one attempt. Of any number of callers one gets it; a task that somebody else runs, or that is
     * done, is not given out.
     *
     * @param taskId the task
     * @param instance who claims it
     * @return the task as this attempt's own, or empty where it is not to be had
     */
    public Optional<Task> claim(String taskId, String instance) {
        Instant now = now();
        Task found = mongo.findById(taskId, Task.class);
        if (found == null || !found.isClaimable(now)) {
            return Optional.empty();
        }
        int attempt = found.attempt() + 1;
        Update update = enter(TaskStatus.RUNNING, now, attempt, null)
                .set("attempt", attempt)
                .set("owner", instance)
                .set("dueAt", now.plus(properties.lease()));
        // State and attempt are as they were read, or somebody else was faster.
        var unchanged = where("id")
                .is(taskId)
                .and("status")
                .is(found.status())
                .and("attempt")
                .is(found.attempt());
        Task claimed = mongo.findAndModify(query(unchanged), update, RETURN_NEW, Task.class);
        logChange(claimed);
        return Optional.ofNullable(claimed);
    }

    /**
     * Ends a task with the result of an attempt.
     *
     * @param claimed the task as {@link #claim} gave it
     * @param status a final state
     * @param error why it failed; null where it did not
     * @return the task as it is now; empty where the attempt is not the task's own any more, and nothing was written
     * @throws IllegalArgumentException if a running task cannot become this
     */
    public Optional<Task> finish(Task claimed, TaskStatus status, @Nullable TaskError error) {
        if (!status.isFinal() || !claimed.status().canBecome(status)) {
            throw new IllegalArgumentException("A task that is " + claimed.status() + " cannot end as " + status);
        }
        Instant now = now();
        Update update = enter(status, now, claimed.attempt(), error == null ? null : error.code())
                .set("completedAt", now)
                .unset("dueAt")
                .unset("owner");
        if (error != null) {
            update.set("error", error);
        }
        var ours = where("id")
                .is(claimed.id())
                .and("status")
                .is(TaskStatus.RUNNING)
                .and("attempt")
                .is(claimed.attempt());
        Task finished = mongo.findAndModify(query(ours), update, RETURN_NEW, Task.class);
        logChange(finished);
        return Optional.ofNullable(finished);
    }

    /**
     * Finds tasks that need attention, the most overdue first, and leaves them alone for a while from now on: each is
     * given out to one caller.
     *
     * @param limit how many at most
     */
    public List<TaskSubmitted> takeDue(int limit) {
        Instant now = now();
        var due = query(where("dueAt").lte(now)).with(Sort.by("dueAt")).limit(limit);
        return mongo.find(due, Task.class).stream()
                .filter(task -> postpone(task, now))
                .map(TaskSubmitted::of)
                .toList();
    }

    /** A running task keeps its due time, which is what lets the next one claim it. */
    private boolean postpone(Task task, Instant now) {
        if (task.status() != TaskStatus.PENDING) {
            return true;
        }
        var unchanged = where("id")
                .is(task.id())
                .and("status")
                .is(task.status())
                .and("dueAt")
                .is(task.dueAt());
        Update later = Update.update("dueAt", now.plus(properties.publishWithin()));
        return mongo.updateFirst(query(unchanged), later, Task.class).getModifiedCount() > 0;
    }

    private static Update enter(TaskStatus status, Instant now, int attempt, @Nullable String detail) {
        return Update.update("status", status)
                .set("updatedAt", now)
                .push("history", new TaskTransition(status, now, attempt, detail));
    }

    private static void logChange(@Nullable Task task) {
        if (task != null) {
            log.info(
                    "task_id={} user_id={} status={} attempt={}",
                    task.id(),
                    task.userId(),
                    task.status().wireName(),
                    task.attempt());
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
