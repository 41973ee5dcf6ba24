package io.perch.resourceserver.audit;

import io.perch.resourceserver.account.AccountDeleted;
import io.perch.resourceserver.task.ChallengeAnswered;
import io.perch.resourceserver.task.Task;
import io.perch.resourceserver.task.TaskChanged;
import io.perch.resourceserver.task.TaskStatus;
import io.perch.resourceserver.user.UserErased;
import java.util.List;
import java.util.Optional;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Writes down what users and moderators do to tasks and accounts, when it is done and before they are answered. What the pipeline
 * does to a task is nobody's act, and stands in the task's history.
 */
@Component
class OwnActs {

    private static final String LOGIN_AGAIN = "/twitter-accounts/{id}/login";

    private final AuditTrail trail;
    private final AuditStore store;

    OwnActs(AuditTrail trail, AuditStore store) {
        this.trail = trail;
        this.store = store;
    }

    @EventListener
    void onTask(TaskChanged changed) {
        Task task = changed.task();
        Request.current().ifPresent(request -> action(task, request)
                .ifPresent(action -> trail.record(request.line(action)
                        .user(task.userId())
                        .task(task.id())
                        .twitterAccount(task.twitterUserId())
                        .build())));
    }

    @EventListener
    void onChallenge(ChallengeAnswered answered) {
        Request.current()
                .ifPresent(request -> trail.record(request.line(AuditAction.TASK_CHALLENGE_ANSWERED)
                        .user(answered.userId())
                        .task(answered.taskId())
                        .build()));
    }

    @EventListener
    void onAccount(AccountDeleted deleted) {
        Request.current()
                .ifPresent(request -> trail.record(request.line(AuditAction.ACCOUNT_DELETED)
                        .user(deleted.userId())
                        .twitterAccount(deleted.accountId())
                        .build()));
    }

    /** No request waits here, and whoever erased comes again if this fails. */
    @EventListener
    void onErasure(UserErased erased) {
        store.write(List.of(AuditLine.of(AuditAction.USER_ERASED)
                .id("erased:" + erased.userId())
                .at(erased.at())
                .user(erased.userId())
                .detail("accounts", Long.toString(erased.counts().accounts()))
                .detail("tasks", Long.toString(erased.counts().tasks()))
                .build()));
        store.erasePerson(erased.userId());
    }

    private static Optional<AuditAction> action(Task task, Request request) {
        if (task.status() == TaskStatus.CANCELLED) {
            return Optional.of(AuditAction.TASK_CANCELLED);
        }
        if (task.status() != TaskStatus.PENDING) {
            return Optional.empty();
        }
        if (task.version() > 1) {
            return Optional.of(AuditAction.TASK_RETRIED);
        }
        return Optional.of(request.isOf(LOGIN_AGAIN) ? AuditAction.ACCOUNT_LOGIN : AuditAction.TASK_SUBMITTED);
    }
}
