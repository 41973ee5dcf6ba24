package io.perch.resourceserver.task;

import io.perch.resourceserver.account.AccountDeleted;
import io.perch.resourceserver.acts.ActLog;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** All tasks of one user. They are deleted with the user, and ended with the account that they log in to. */
@Component
public class OwnedTasks {

    private final UserTaskRepository tasks;
    private final TaskEnd ends;
    private final ActLog acts;

    OwnedTasks(UserTaskRepository tasks, TaskEnd ends, ActLog acts) {
        this.tasks = tasks;
        this.ends = ends;
        this.acts = acts;
    }

    /** Returns how many tasks a user has, in any state. */
    public long count(String userId) {
        return tasks.countOf(userId);
    }

    /**
     * Deletes a user's tasks, including their sealed values. Their acts are first copied to the audit log. Tasks that are not
     * final are ended first, so that their logins stop.
     *
     * @param before deletes only tasks that were created before this time; null for all
     */
    public void deleteAll(String userId, @Nullable Instant before) {
        List<ActLog.Entry> entries = tasks.withActs(userId, before).stream()
                .flatMap(task -> TaskActs.entries(task).stream())
                .toList();
        if (!entries.isEmpty()) {
            acts.write(entries);
        }
        tasks.open(userId, null).stream()
                .filter(task -> before == null || task.createdAt().isBefore(before))
                .forEach(task ->
                        ends.endWithoutAccount(task, new TaskError("user_deleted", "The user was deleted", false)));
        tasks.removeAllOf(userId, before);
    }

    /** No login can continue without its account's credentials. */
    @EventListener
    void onAccountDeleted(AccountDeleted deleted) {
        tasks.open(deleted.userId(), deleted.accountId())
                .forEach(task -> ends.endWithoutAccount(task, TaskError.accountDeleted()));
        // A request's fingerprint contains a hash of its password
        tasks.removeFingerprints(deleted.userId(), deleted.accountId());
    }
}
