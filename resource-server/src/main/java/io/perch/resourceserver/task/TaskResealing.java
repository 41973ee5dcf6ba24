package io.perch.resourceserver.task;

import io.perch.resourceserver.account.AccountResealing;
import io.perch.resourceserver.account.SealedCredentials;
import io.perch.resourceserver.crypto.ResealCounts;
import io.perch.resourceserver.crypto.UnsealException;
import org.springframework.stereotype.Component;

/** Seals the credentials of open tasks with the newest key. */
@Component
class TaskResealing {

    private final TaskMigrationRepository tasks;
    private final AccountResealing accounts;

    TaskResealing(TaskMigrationRepository tasks, AccountResealing accounts) {
        this.tasks = tasks;
        this.accounts = accounts;
    }

    /** Reads all open tasks with credentials once, and counts the results. */
    void run(ResealCounts counts) {
        tasks.readAllWithCredentials(task -> {
            SealedCredentials before = task.credentials();
            if (before != null) {
                reseal(task, before, counts);
            }
        });
    }

    private void reseal(Task task, SealedCredentials before, ResealCounts counts) {
        try {
            SealedCredentials after = accounts.withCurrentKey(before, task.userId(), task.twitterUserId());
            if (!after.equals(before) && tasks.reseal(task, before, after)) {
                counts.resealed();
            } else {
                counts.skipped();
            }
        } catch (UnsealException e) {
            counts.failed("The task %s: %s".formatted(task.id(), e.getMessage()));
        }
    }
}
