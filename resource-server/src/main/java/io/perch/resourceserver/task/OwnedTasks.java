package io.perch.resourceserver.task;

import io.perch.resourceserver.account.AccountDeleted;
import io.perch.resourceserver.acts.ActLog;
import io.perch.resourceserver.mongo.DatabaseTime;
import io.perch.resourceserver.task.UserTaskRepository.StoredActs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** All tasks of one user. They are deleted with the user, and ended with the account that they log in to. */
@Component
public class OwnedTasks {

    /** The cleanup of old fingerprints may be this late. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private final UserTaskRepository tasks;
    private final TaskEnd ends;
    private final ActLog acts;
    private final TaskProperties properties;
    private final DatabaseTime time;

    OwnedTasks(UserTaskRepository tasks, TaskEnd ends, ActLog acts, TaskProperties properties, DatabaseTime time) {
        this.tasks = tasks;
        this.ends = ends;
        this.acts = acts;
        this.properties = properties;
        this.time = time;
    }

    /** Returns how many tasks a user has, in any state. */
    public long count(String userId) {
        return tasks.countOf(userId);
    }

    /**
     * Deletes a user's tasks, including their sealed values. Their acts are first copied to the audit log. Tasks that are not
     * final are ended first, so that their logins stop. Each command is limited, and what was deleted before an error stays
     * deleted.
     *
     * @param before deletes only tasks that were created before this time; null for all
     */
    public void deleteAll(String userId, @Nullable Instant before) {
        TaskError deleted = new TaskError("user_deleted", "The user was deleted", false);
        tasks.forEachOpen(userId, before, task -> ends.endWithoutAccount(task, deleted));
        List<StoredActs> batch;
        do {
            batch = tasks.some(userId, before);
            List<ActLog.Entry> entries =
                    batch.stream().flatMap(task -> task.entries().stream()).toList();
            if (!entries.isEmpty()) {
                acts.write(entries);
            }
            tasks.removeAll(userId, before, batch);
        } while (batch.size() == UserTaskRepository.BATCH);
    }

    /** No login can continue without its account's credentials. */
    @EventListener
    void onAccountDeleted(AccountDeleted deleted) {
        tasks.forEachOpen(
                deleted.userId(),
                deleted.accountId(),
                task -> ends.endWithoutAccount(task, TaskError.accountDeleted()));
        // A request's fingerprint contains a hash of its password. Older ones are due for removal anyway
        Instant since = time.instant().minus(properties.idempotencyWindow()).minus(MARGIN);
        tasks.removeFingerprints(deleted.userId(), deleted.accountId(), since);
    }
}
