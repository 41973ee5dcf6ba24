package io.perch.resourceserver.user;

import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.task.OwnedTasks;
import io.perch.resourceserver.user.UserErased.Counts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The tasks and accounts of a user on this server. */
@Component
class UserData {

    private final TwitterAccounts accounts;
    private final OwnedTasks tasks;

    UserData(TwitterAccounts accounts, OwnedTasks tasks) {
        this.accounts = accounts;
        this.tasks = tasks;
    }

    Counts count(String userId) {
        return new Counts(accounts.count(userId), tasks.count(userId));
    }

    /**
     * Destroys the data. Credentials come first, so that no login can start; then tasks, which stops running logins.
     *
     * @param before only data that was created before this time; null for all
     */
    void destroy(String userId, @Nullable Instant before) {
        accounts.deleteAll(userId, before);
        tasks.deleteAll(userId, before);
    }
}
