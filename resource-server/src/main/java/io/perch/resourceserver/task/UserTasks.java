package io.perch.resourceserver.task;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.account.TwitterCredentials;
import io.perch.resourceserver.web.PageCursor;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.domain.Window;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.stereotype.Component;

/** A user's own tasks: submitting them, and looking at them. */
@Component
class UserTasks {

    private final MongoOperations mongo;
    private final TwitterAccounts accounts;
    private final ApplicationEventPublisher events;
    private final TaskProperties properties;
    private final Clock clock;

    UserTasks(
            MongoOperations mongo,
            TwitterAccounts accounts,
            ApplicationEventPublisher events,
            TaskProperties properties,
            Clock clock) {
        this.mongo = mongo;
        this.accounts = accounts;
        this.events = events;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * Accepts a login. When this returns, the task is stored; whether anybody heard of it yet does not matter.
     *
     * @return the new task
     */
    Task submit(String userId, TwitterCredentials credentials) {
        String accountId = accounts.store(userId, credentials);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Task task = mongo.insert(Task.submitted(
                UUID.randomUUID().toString(),
                userId,
                accountId,
                credentials.username(),
                now,
                now.plus(properties.publishWithin())));
        events.publishEvent(TaskSubmitted.of(task));
        return task;
    }

    Optional<Task> find(String userId, String taskId) {
        return Optional.ofNullable(
                mongo.findOne(query(where("id").is(taskId).and("userId").is(userId)), Task.class));
    }

    Window<Task> list(String userId, @Nullable String after, int limit) {
        var query = query(where("userId").is(userId))
                .with(PageCursor.NEWEST_FIRST)
                .with(PageCursor.position(after))
                .limit(limit);
        return mongo.scroll(query, Task.class);
    }
}
