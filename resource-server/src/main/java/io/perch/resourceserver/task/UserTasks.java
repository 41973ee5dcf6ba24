package io.perch.resourceserver.task;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import io.perch.resourceserver.account.AccountDeleted;
import io.perch.resourceserver.task.TaskStore.Move;
import io.perch.resourceserver.web.PageCursor;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.data.domain.Window;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

/** A user's own tasks: looking at them, answering their challenges, cancelling them. */
@Component
class UserTasks {

    private final MongoOperations mongo;
    private final TaskStore store;
    private final ChallengeSecrets secrets;
    private final TaskProperties properties;
    private final ApplicationEventPublisher events;

    UserTasks(
            MongoOperations mongo,
            TaskStore store,
            ChallengeSecrets secrets,
            TaskProperties properties,
            ApplicationEventPublisher events) {
        this.mongo = mongo;
        this.store = store;
        this.secrets = secrets;
        this.properties = properties;
        this.events = events;
    }

    Optional<Task> find(String userId, String taskId) {
        return store.find(taskId).filter(task -> task.userId().equals(userId));
    }

    Window<Task> list(String userId, @Nullable TaskStatus status, @Nullable String after, int limit) {
        Criteria mine = where("userId").is(userId);
        if (status != null) {
            mine.and("status").is(status);
        }
        var query = query(mine)
                .with(PageCursor.NEWEST_FIRST)
                .with(PageCursor.position(after))
                .limit(limit);
        return mongo.scroll(query, Task.class);
    }

    /**
     * Takes the code that a task waits for. The login goes on as soon as somebody claims it.
     *
     * @throws ProblemException 409 if the task waits for no code, or a code is being tried
     */
    void answer(Task task, String code) {
        Challenge challenge = task.challenge();
        if (task.status() != TaskStatus.CHALLENGE_REQUIRED || challenge == null) {
            throw conflict("The task does not wait for a code");
        }
        // Of two codes at once one is taken, and none after the deadline.
        Criteria conditions = TaskStore.unchanged(task)
                .and("challenge.sealedCode")
                .is(null)
                .and("challenge.expiresAt")
                .gt(store.now());
        Update update = new Update()
                .set("challenge.sealedCode", secrets.sealCode(task, code))
                .set("dueAt", store.now().plus(properties.publishWithin()))
                .inc("attemptLimit", 1);
        if (!store.adjust(query(conditions), update)) {
            throw conflict("A code is being tried already, or the time for it is over");
        }
        events.publishEvent(new ChallengeAnswered(task.userId(), task.id()));
        events.publishEvent(TaskReady.of(task));
    }

    /**
     * Cancels a task. A login that runs is told to stop; whatever it still brings is dropped.
     *
     * @throws ProblemException 409 if the task has ended otherwise
     */
    void cancel(Task task) {
        Task ended = end(task, TaskStatus.CANCELLED, null);
        if (ended.status() != TaskStatus.CANCELLED) {
            throw conflict("The task has ended already");
        }
    }

    /** Without its account's credentials no login can go on. */
    @EventListener
    void onAccountDeleted(AccountDeleted deleted) {
        Criteria open = where("userId")
                .is(deleted.userId())
                .and("twitterUserId")
                .is(deleted.accountId())
                .and("dueAt")
                .ne(null);
        List<Task> tasks = mongo.find(query(open), Task.class);
        tasks.forEach(task -> end(task, TaskStatus.FAILURE, TaskError.accountDeleted()));
        // A request's fingerprint is made of its password, too.
        Criteria all = where("userId").is(deleted.userId()).and("twitterUserId").is(deleted.accountId());
        mongo.updateMulti(query(all), new Update().unset("fingerprint"), Task.class);
    }

    /** Ends a task in whatever state it is by now. */
    private Task end(Task task, TaskStatus status, @Nullable TaskError error) {
        Task current = task;
        while (!current.status().isFinal()) {
            Update update = error == null ? new Update() : new Update().set("error", error);
            Move move = new Move(status, current.attempt(), error == null ? null : error.code());
            Optional<Task> ended = store.move(current, move, update);
            if (ended.isPresent()) {
                return ended.get();
            }
            current =
                    store.find(task.id()).orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "It is gone"));
        }
        return current;
    }

    private static ProblemException conflict(String detail) {
        return new ProblemException(ProblemType.CONFLICT, detail);
    }
}
