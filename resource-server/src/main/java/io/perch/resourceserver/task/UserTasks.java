package io.perch.resourceserver.task;

import io.perch.resourceserver.acts.Act;
import io.perch.resourceserver.acts.ActKind;
import io.perch.resourceserver.mongo.DatabaseTime;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.domain.Window;
import org.springframework.stereotype.Component;

/** A user's own tasks: reads them, answers their challenges, cancels them. */
@Component
class UserTasks {

    private final TaskRepository tasks;
    private final TaskQueries queries;
    private final TaskEnd ends;
    private final ChallengeSecrets secrets;
    private final ApplicationEventPublisher events;
    private final DatabaseTime time;

    UserTasks(
            TaskRepository tasks,
            TaskQueries queries,
            TaskEnd ends,
            ChallengeSecrets secrets,
            ApplicationEventPublisher events,
            DatabaseTime time) {
        this.tasks = tasks;
        this.queries = queries;
        this.ends = ends;
        this.secrets = secrets;
        this.events = events;
        this.time = time;
    }

    Optional<Task> find(String userId, String taskId) {
        return tasks.find(new TaskKey(taskId, userId));
    }

    Window<Task> list(TaskFilter filter, @Nullable String after, int limit) {
        return queries.list(filter, after, limit);
    }

    /**
     * Stores the code that a task waits for. The login continues as soon as an instance claims the task.
     *
     * @throws ProblemException 409 if the task waits for no code, or a code is being tried
     */
    void answer(Task task, String code) {
        Challenge challenge = task.challenge();
        if (task.status() != TaskStatus.CHALLENGE_REQUIRED || challenge == null) {
            throw conflict("The task does not wait for a code");
        }
        Instant now = time.instant();
        Challenge answered = new Challenge(
                challenge.kind(),
                challenge.expiresAt(),
                challenge.wrongCodes(),
                challenge.sealedContinuation(),
                secrets.sealCode(task, code));
        Task next = task.change()
                .challenge(answered)
                .due(now)
                .moreAttempts(1)
                .act(Act.ofCurrentRequest(ActKind.TASK_CHALLENGE_ANSWERED))
                .build();
        // Of two concurrent codes one is accepted, and none after the deadline
        Task taken = challenge.sealedCode() == null
                ? tasks.replaceUnanswered(task, next, now).orElse(null)
                : null;
        if (taken == null) {
            throw conflict("A code is being tried already, or the time for it is over");
        }
        events.publishEvent(TaskReady.of(taken));
    }

    /**
     * Cancels a task. A running login is stopped, and its result is dropped.
     *
     * @throws ProblemException 409 if the task ended with another result
     */
    void cancel(Task task) {
        Task ended = ends.cancel(task, null, Act.ofCurrentRequest(ActKind.TASK_CANCELLED))
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "The task is gone"));
        if (ended.status() != TaskStatus.CANCELLED) {
            throw conflict("The task has ended already");
        }
    }

    private static ProblemException conflict(String detail) {
        return new ProblemException(ProblemType.CONFLICT, detail);
    }
}
