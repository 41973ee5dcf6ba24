package io.perch.resourceserver.task;

import io.perch.resourceserver.account.AccountWrite;
import io.perch.resourceserver.account.UncopiedCredentials;
import java.util.List;
import org.springframework.stereotype.Component;

/** Finds credentials that are stored only in open tasks, not yet in accounts. */
@Component
class OpenTaskCredentials implements UncopiedCredentials {

    private final UserTaskRepository tasks;

    OpenTaskCredentials(UserTaskRepository tasks) {
        this.tasks = tasks;
    }

    @Override
    public List<AccountWrite> of(String userId) {
        return tasks.withCredentials(userId).stream()
                .map(task -> new AccountWrite(
                        task.userId(),
                        task.twitterUserId(),
                        task.username(),
                        task.credentials(),
                        task.createdAt(),
                        null,
                        null))
                .toList();
    }
}
